import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { tokenPurposes } from '@gatecast/contract';
import * as v from 'valibot';
import { silentLogger } from '../http/logger.js';
import type { IssuerContext } from '../issuer/issuer-type.js';
import { configSchema, type Config } from './config-schema.js';
import { configuredIssuers, issuerTypeOf } from './issuer-config.js';
import { noKeys } from './open-keys.js';

/** An invalid configuration, with one line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line per fault, with the path of the option. Never contains a value. */
  readonly faults: readonly string[];

  constructor(path: string, faults: readonly string[]) {
    super(`${path} is not a valid configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads and checks a configuration file (JSON) of `gatecast serve`. Paths in it are relative to the file.
 *
 * @throws ConfigError if the file cannot be read or an option is invalid.
 */
export async function loadConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(path, [
      `the file cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'})`,
    ]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError(path, ['the file is not valid JSON']);
  }
  const result = v.safeParse(configSchema, json);
  if (!result.success) throw new ConfigError(path, result.issues.map(describeIssue));
  const config = withAbsolutePaths(result.output, dirname(resolve(path)));
  const faults = schemeFaults(config);
  if (faults.length > 0) throw new ConfigError(path, faults);
  return config;
}

/** Options of CDN schemes that contradict each other. Their issuers are created without a secret, which they read later. */
function schemeFaults({ issuers }: Config): string[] {
  return tokenPurposes.flatMap((purpose) =>
    configuredIssuers(issuers[purpose]).flatMap(({ config, path }) => {
      const type = issuerTypeOf(config);
      if (!type.scheme) return [];
      try {
        type.create(config, dryContext);
        return [];
      } catch (error) {
        const reason = error instanceof TypeError ? error.message : 'the issuer cannot be created';
        return [`issuers.${purpose}${path}: ${reason}`];
      }
    }),
  );
}

const dryContext: IssuerContext = {
  keys: noKeys,
  logger: silentLogger,
  readSecret: () => Promise.reject(new Error('A configuration is checked without its secrets.')),
  onVendorError: () => undefined,
};

/** Names the option, without its value, which may be a secret. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  const option = v.getDotPath(issue) ?? '(top level)';
  if (issue.type === 'strict_object') {
    return issue.expected === 'never' ? `${option}: unknown option` : `${option}: is missing`;
  }
  const isOwnMessage = /^(?:is|needs) /.test(issue.message);
  return `${option}: ${isOwnMessage ? issue.message : `expected ${issue.expected ?? issue.requirement?.toString() ?? 'something else'}`}`;
}

function withAbsolutePaths(config: Config, base: string): Config {
  return absolute(config, base) as Config;
}

/** `file` and `directory` are the only options with paths. */
function absolute(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => absolute(item, base));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      (key === 'file' || key === 'directory') && typeof item === 'string'
        ? resolve(base, item)
        : absolute(item, base),
    ]),
  );
}
