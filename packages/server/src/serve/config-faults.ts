import { tokenPurposes } from '@gatecast/contract';
import * as v from 'valibot';
import { silentLogger } from '../http/logger.js';
import { describeIssue, suggestedName } from '../issuer/describe-issue.js';
import type { IssuerContext } from '../issuer/issuer-type.js';
import { configSchema } from './config-schema.js';
import { configuredIssuers, issuerConfig, issuerTypeOf } from './issuer-config.js';
import { noKeys } from './open-keys.js';

/** More lines help nobody. */
const MOST_FAULTS = 50;

/**
 * Names all faults of a configuration in words: the path of the option, what is wrong, and what to change. A schema names only
 * the first unknown option of an object, and a misspelt one hides faults in its value. So names are put right in a copy, and
 * the copy is validated again.
 *
 * @returns one line for each fault, at most 50; none for a valid configuration. They never contain a value.
 */
export function configFaults(value: unknown): string[] {
  const corrected = structuredClone(value);
  const named = new Set<string>();
  let issues = issuesOf(corrected);
  while (named.size < MOST_FAULTS) {
    const before = named.size;
    for (const issue of issues) if (correctName(issue)) named.add(describe(issue));
    if (named.size === before) break;
    issues = issuesOf(corrected);
  }
  const faults = [...new Set([...named, ...issues.map(describe), ...issuerFaults(corrected)])];
  return faults.length <= MOST_FAULTS
    ? faults
    : [...faults.slice(0, MOST_FAULTS - 1), 'there are more faults'];
}

type Issue = v.BaseIssue<unknown>;

function issuesOf(value: unknown): readonly Issue[] {
  return v.safeParse(configSchema, value).issues ?? [];
}

function describe(issue: Issue): string {
  return `${v.getDotPath(issue) ?? '(top level)'}: ${describeIssue(issue)}`;
}

/** Gives an unknown option, or an unknown type of an issuer, the name that was probably meant, or removes the option. */
function correctName(issue: Issue): boolean {
  const last = issue.path?.at(-1);
  const parent: unknown = last?.input;
  if (!last || typeof parent !== 'object' || parent === null) return false;
  const object = parent as Record<string, unknown>;
  const key = String(last.key);
  const meant = suggestedName(describeIssue(issue));
  if (issue.type === 'variant' && meant !== null) {
    object[key] = meant;
    return true;
  }
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return false;
  if (meant !== null && !Object.hasOwn(object, meant)) object[meant] = object[key];
  return Reflect.deleteProperty(object, key);
}

/** Options of an issuer that contradict each other. It is created without its secrets, which issuers read later. */
function issuerFaults(value: unknown): string[] {
  const whole = v.safeParse(withIssuers, value);
  if (!whole.success) return [];
  const { issuers, dpop } = whole.output;
  return tokenPurposes.flatMap((purpose) => {
    const parsed = v.safeParse(issuerConfig, issuers[purpose]);
    if (!parsed.success) return [];
    return configuredIssuers(parsed.output).flatMap(({ config, path }) => {
      try {
        const { bindsTokens } = issuerTypeOf(config).create(config, dryContext);
        return bindsTokens === false && dpop?.mode === 'required'
          ? [
              `dpop.mode: issuers.${purpose}${path} cannot bind tokens to a key. Set "optional" or remove dpop`,
            ]
          : [];
      } catch (error) {
        const reason = error instanceof TypeError ? error.message : 'the issuer cannot be created';
        return [`issuers.${purpose}${path}: ${reason}`];
      }
    });
  });
}

const withIssuers = v.object({
  issuers: v.record(v.string(), v.unknown()),
  dpop: v.fallback(v.optional(v.object({ mode: v.string() })), undefined),
});

const dryContext: IssuerContext = {
  keys: noKeys,
  logger: silentLogger,
  readSecret: () => Promise.reject(new Error('A configuration is checked without its secrets.')),
  onVendorError: () => undefined,
};
