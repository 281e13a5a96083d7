import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import { endOptions, grantedEnd } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims } from '../refuse-unsupported.js';
import type { TokenRestrictions } from '../../grant/grant.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type Secret, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { checkExpires, checkIp, checkReferer, checkText } from '../nanocosmos/vendor-parameters.js';

export interface StsSecurityIssuerOptions extends VendorOptions, SharingOptions {
  /** API key, sent as `X-BINTU-APIKEY`. It never leaves the backend in another way. */
  readonly apiKey: Secret;
  /** Organisation hash. If set, tokens give access to all its streams. @defaultValue one stream per token */
  readonly orga?: string;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Restrictions of every token. Restrictions of the grant override them. @defaultValue none */
  readonly restrictions?: TokenRestrictions;
}

const answerSchema = v.object({
  h5live: v.object({
    security: v.object({
      token: v.pipe(v.string(), v.nonEmpty()),
      expires: v.optional(v.pipe(v.string(), v.regex(/^\d{1,11}$/))),
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
  const { apiKey, orga, ttlSeconds = 300, now = Date.now } = options;
  lifetimeSeconds(ttlSeconds);
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
    const body = { ...target, ...restrictionFields({ ...options.restrictions, ...grant.restrictions }) };
    const call = async () => {
      const expires = checkExpires(grantedEnd(grant, ttlSeconds, now()), now());
      return readSecurity(await client.post('', { ...body, expires: String(expires) }), expires);
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

function readSecurity(answer: unknown, requestedExpires: number): IssuedToken {
  const result = v.safeParse(answerSchema, answer);
  if (!result.success)
    throw new Problem('vendor-failed', 'The vendor’s response contains no security object.');
  const { token, expires, tag, options } = result.output.h5live.security;
  const security = {
    token,
    ...(expires !== undefined && { expires }),
    ...(tag !== undefined && { tag }),
    ...(options !== undefined && { options }),
  };
  return { security, expiresAt: expires === undefined ? requestedExpires : Number(expires) };
}
