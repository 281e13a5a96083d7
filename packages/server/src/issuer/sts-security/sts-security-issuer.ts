import { toNumericDate } from '@gatecast/contract';
import * as v from 'valibot';
import { Problem } from '../../http/problem.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import type { IssuedToken, IssueRequest, TokenIssuer, TokenRestrictions } from '../token-issuer.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type Secret, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { checkExpires, checkIp, checkReferer, checkText } from '../nanocosmos/vendor-parameters.js';

export interface StsSecurityIssuerOptions extends VendorOptions, SharingOptions {
  /** Sent as `X-BINTU-APIKEY`, from this server only. */
  readonly apiKey: Secret;
  /** Hash of the organisation: tokens then open all its streams. @defaultValue a token for each stream name */
  readonly orga?: string;
  /** Lifetime in seconds where the grant gives none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Restrictions for every token; those of the grant win. */
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
 * Security objects of the vendor's secure token service (STS), made at `/secure/token`. The vendor has no call to
 * verify one.
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
    const ttl = lifetimeSeconds(grant.ttlSeconds ?? ttlSeconds);
    const target =
      orga === undefined
        ? { streamname: checkText(stream, 'streamname') }
        : { orga: checkText(orga, 'orga') };
    const body = { ...target, ...restrictionFields({ ...options.restrictions, ...grant.restrictions }) };
    const call = async () => {
      const expires = checkExpires(toNumericDate(now()) + ttl, now());
      return readSecurity(await client.post('', { ...body, expires: String(expires) }), expires);
    };
    return shared.get(JSON.stringify([body, ttl]), call, signal);
  }

  return { issue };
}

function restrictionFields({ tag, referer, ip }: TokenRestrictions): Record<string, string> {
  return {
    ...(tag !== undefined && { tag: checkText(tag, 'tag') }),
    ...(referer !== undefined && { referer: checkReferer(referer) }),
    ...(ip !== undefined && { ip: checkIp(ip) }),
  };
}

function readSecurity(answer: unknown, asked: number): IssuedToken {
  const result = v.safeParse(answerSchema, answer);
  if (!result.success) throw new Problem('vendor-failed', 'The vendor’s answer holds no security object.');
  const { token, expires, tag, options } = result.output.h5live.security;
  const security = {
    token,
    ...(expires !== undefined && { expires }),
    ...(tag !== undefined && { tag }),
    ...(options !== undefined && { options }),
  };
  return { security, expiresAt: expires === undefined ? asked : Number(expires) };
}
