import ipaddr from 'ipaddr.js';
import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import { options, text } from '../config-fields.js';

const action = v.picklist(['allow', 'block']);
const addressRange = v.pipe(
  v.string(),
  v.check((range) => ipaddr.isValidCIDR(range) || ipaddr.isValid(range), 'is not an IP address or range'),
);

/** The rules of a token. The first one that matches decides; without a match, the view is allowed. */
export const accessRulesConfig = v.pipe(
  v.array(
    v.variant('type', [
      options({ type: v.literal('any'), action }),
      options({ type: v.literal('ip.src'), action, ip: v.pipe(v.array(addressRange), v.nonEmpty()) }),
      options({
        type: v.literal('ip.geoip.country'),
        action,
        country: v.pipe(v.array(v.pipe(text, v.regex(/^[A-Z]{2}$/, 'is not a country code'))), v.nonEmpty()),
      }),
    ]),
  ),
  v.maxLength(5, 'has more than five rules, the limit of Cloudflare'),
);

/** A rule of Cloudflare Stream for the viewer's IP address (addresses or ranges) or country (ISO 3166-1 alpha-2). */
export type CloudflareAccessRule = { readonly action: 'allow' | 'block' } & (
  | { readonly type: 'any' }
  | { readonly type: 'ip.src'; readonly ip: readonly string[] }
  | { readonly type: 'ip.geoip.country'; readonly country: readonly string[] }
);

/** @throws TypeError unless the rules have the form that Cloudflare documents. */
export function readAccessRules(rules: unknown): CloudflareAccessRule[] {
  const { success, output, issues } = v.safeParse(accessRulesConfig, rules);
  if (success) return output;
  throw new TypeError(`The option accessRules is not valid: ${issues[0].message}.`);
}

/**
 * Allows one address only, in addition to the rules.
 *
 * @throws Problem `issuer-parameter-invalid` if a rule allows something: the first match decides, so rules cannot demand two
 *   things at once.
 */
export function allowOnly(address: string, rules: readonly CloudflareAccessRule[]): CloudflareAccessRule[] {
  if (rules.some((rule) => rule.action === 'allow') || rules.length > 3) {
    throw new Problem(
      'issuer-parameter-invalid',
      'The access rules and the restriction "ip" cannot both be applied.',
      { hint: 'Use at most three accessRules, and only with the action "block".' },
    );
  }
  const blocking = rules.filter(({ type }) => type !== 'any');
  if (blocking.length < rules.length || !ipaddr.isValid(address))
    throw new Problem(
      'issuer-parameter-invalid',
      'The restriction "ip" is not an IP address that can be allowed.',
    );
  const range = `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? '32' : '128'}`;
  return [...blocking, { type: 'ip.src', action: 'allow', ip: [range] }, { type: 'any', action: 'block' }];
}
