import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import { endOptions } from '../granted-end.js';
import { refuseClaims } from '../refuse-unsupported.js';
import type { TokenRestrictions } from '../../grant/grant.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { checkLifetime, requestedEnd, type VendorLifetime } from '../nanocosmos/requested-end.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { vendorOptionNames } from '../nanocosmos/vendor-option-names.js';
import type { Secret } from '../secret.js';
import { checkExpires, checkIp, checkReferer, checkText } from '../nanocosmos/vendor-parameters.js';
import { restrictionNames } from '../../grant/grant.js';
import { requireKnownOptions, type KnownOptions } from '../../http/require-known-options.js';

export interface StsSecurityIssuerOptions extends VendorOptions, SharingOptions {
  /** API key, sent as `X-BINTU-APIKEY`. It never leaves the backend in another way. */
  readonly apiKey: Secret;
  /** Organisation hash. If set, each token gives access to all streams of the organisation. @defaultValue one stream per token */
  readonly orga?: string;
  /**
   * Lifetime in seconds, 1 to 31,536,000, if the grant sets none. With `vendor-default`, the request has no `expires`, and the
   * token has no end: set `restrictions` then. @defaultValue 300
   */
  readonly ttlSeconds?: VendorLifetime;
  /** Restrictions of every token. Restrictions of the grant override them. @defaultValue none */
  readonly restrictions?: TokenRestrictions;
}

const answerSchema = v.object({
  h5live: v.object({
    security: v.object({
      token: v.pipe(v.string(), v.nonEmpty()),
      expires: v.optional(v.pipe(v.string(), v.regex(/^\d{0,11}$/))),
      tag: v.optional(v.string()),
      options: v.optional(v.string()),
    }),
  }),
});

/**
 * Requests security objects from the vendor's secure token service (STS, `/secure/token`). The vendor has no service to
 * verify them. A grant with claims other than `exp` is refused, because a security object has none.
 *
 * @example
 * ```ts
 * const issuer = stsSecurityIssuer({ apiKey: () => process.env.BINTU_APIKEY ?? '', ttlSeconds: 300 });
 * ```
 * @throws TypeError if `ttlSeconds` or `reuseFraction` is out of range.
 * @throws Problem `issuer-parameter-invalid` or `vendor-…` from `issue`.
 */
export function stsSecurityIssuer(options: StsSecurityIssuerOptions): TokenIssuer {
  requireKnownOptions('stsSecurityIssuer', options, optionNames);
  const { apiKey, orga, ttlSeconds = 300, now = Date.now } = options;
  checkLifetime(ttlSeconds);
  const client = new VendorClient({
    ...options,
    service: 'The secure token service',
    url: options.url ?? 'https://bintu-splay.nanocosmos.de/secure/token',
    header: 'X-BINTU-APIKEY',
    secret: apiKey,
  });
  const shared = new TokenCache(options, now);

  async function issue({ stream, grant, signal }: IssueRequest) {
    refuseClaims(grant, 'stsSecurityIssuer', ['exp']);
    const target =
      orga === undefined
        ? { streamname: checkText(stream, 'streamname') }
        : { orga: checkText(orga, 'orga') };
    const body: Record<string, string> = {
      ...target,
      ...restrictionFields({ ...options.restrictions, ...grant.restrictions }),
    };
    const call = async () => {
      const expires = requestedEnd(grant, ttlSeconds, now());
      if (expires !== undefined) checkExpires(expires, now());
      const asked = { ...body, ...(expires !== undefined && { expires: String(expires) }) };
      return readSecurity(await client.post('', asked), asked, now());
    };
    return shared.get(JSON.stringify([body, endOptions(grant)]), call, signal);
  }

  return { issue, bindsTokens: false };
}

function restrictionFields({ tag, referer, ip }: TokenRestrictions): Record<string, string> {
  return {
    ...(tag !== undefined && { tag: checkText(tag, 'tag') }),
    ...(referer !== undefined && { referer: checkReferer(referer) }),
    ...(ip !== undefined && { ip: checkIp(ip) }),
  };
}

/**
 * Fields without a value are empty strings in the response. They are omitted, as the vendor's player does. What the response says
 * about the token must be what was asked; the field `options` is not documented and is passed on as it is.
 */
function readSecurity(
  answer: unknown,
  asked: { tag?: string; expires?: string },
  nowMs: number,
): IssuedToken {
  const result = v.safeParse(answerSchema, answer);
  if (!result.success)
    throw new Problem('vendor-failed', 'The vendor’s response contains no security object.');
  const { token, expires, tag, options } = result.output.h5live.security;
  if (!expires && asked.expires !== undefined) throw differs('expires');
  if (expires && Number(expires) * 1000 <= nowMs)
    throw new Problem('vendor-failed', 'The vendor’s security object had already expired when it arrived.', {
      hint: 'Check the clock of this server.',
    });
  if (expires && asked.expires !== undefined && Number(expires) > Number(asked.expires))
    throw differs('expires');
  if (asked.tag !== undefined && tag !== asked.tag) throw differs('tag');
  const security = { token, ...(expires && { expires }), ...(tag && { tag }), ...(options && { options }) };
  return { security, expiresAt: expires ? Number(expires) : null };
}

function differs(field: string): Problem {
  return new Problem(
    'vendor-failed',
    `The vendor’s security object does not have the "${field}" of the request.`,
  );
}

const optionNames: Readonly<Record<keyof StsSecurityIssuerOptions, true | KnownOptions>> = {
  ...vendorOptionNames,
  apiKey: true,
  orga: true,
  ttlSeconds: true,
  restrictions: restrictionNames,
};
