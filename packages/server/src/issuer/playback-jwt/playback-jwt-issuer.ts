import { endOptions, grantedEnd } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims } from '../refuse-unsupported.js';
import type { TokenRestrictions } from '../../grant/grant.js';
import type { IssueRequest } from '../token-issuer.js';
import { tokenAnswer, tokenEnd } from '../nanocosmos/jwt-answer.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type Secret, type VendorOptions } from '../nanocosmos/vendor-client.js';
import {
  checkIp,
  checkReferer,
  checkText,
  checkValidityPeriod,
  invalid,
} from '../nanocosmos/vendor-parameters.js';
import { verifyByVendor, type VerifyingIssuer } from '../nanocosmos/verify-by-vendor.js';

/** Streams that one token gives access to: a group, a list of streams, or all streams of the organisation. */
export type PlaybackTarget =
  { readonly groupid: string } | { readonly streams: readonly string[] } | { readonly orgawide: true };

export interface PlaybackJwtIssuerOptions extends VendorOptions, SharingOptions {
  /** API key, sent as `X-BINTU-APIKEY`. Set exactly one of `apiKey` and `bintuToken`. */
  readonly apiKey?: Secret;
  /** Bintu token, sent as `X-BINTU-TOKEN`. */
  readonly bintuToken?: Secret;
  /** Returns what a token for the requested stream gives access to. @defaultValue that stream only */
  readonly target?: (stream: string) => PlaybackTarget;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Restrictions of every token. Restrictions of the grant override them. `referer` is sent as `domain`. @defaultValue none */
  readonly restrictions?: TokenRestrictions;
  /** Bind the token to the `user` that `authorize` returns, and refuse requests without one. @defaultValue false */
  readonly bindUser?: boolean;
  /** `security` issues `security: { jwtoken }`, the form of the vendor's player; `token` a plain token. @defaultValue `security` */
  readonly answerAs?: 'security' | 'token';
}

/**
 * Requests playback JWTs from the vendor's service (`/api/v1/splay`), for nanoPlayer 4.18 and later. The claims
 * `nbf` and `exp` of the grant are sent to the service; a grant with other claims is refused.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt
 * @throws TypeError unless exactly one of `apiKey` and `bintuToken` is set, or if `ttlSeconds` is out of range.
 * @throws Problem `issuer-parameter-invalid` or `vendor-…` from `issue`.
 */
export function playbackJwtIssuer(options: PlaybackJwtIssuerOptions): VerifyingIssuer {
  const { ttlSeconds = 300, now = Date.now, answerAs = 'security' } = options;
  lifetimeSeconds(ttlSeconds);
  const client = new VendorClient({
    ...options,
    service: 'The playback token service',
    url: options.url ?? 'https://token.nanostream.cloud/api/v1/splay',
    ...credentialOf(options),
  });
  const shared = new TokenCache(options, now);
  const targetOf = options.target ?? ((stream: string) => ({ streams: [stream] }));

  async function issue({ stream, grant, user, signal }: IssueRequest) {
    refuseClaims(grant, 'playbackJwtIssuer', ['exp', 'nbf']);
    if (options.bindUser && user === undefined)
      throw invalid('"user" is missing, and the option bindUser requires it. Return it from authorize.');
    const nbf = grant.claims?.['nbf'];
    const body = {
      ...targetFields(targetOf(stream)),
      ...(typeof nbf === 'number' && { nbf }),
      ...restrictionFields({ ...options.restrictions, ...grant.restrictions }),
      ...(options.bindUser && user !== undefined && { user: checkText(user, 'user') }),
    };
    const call = async () => {
      const exp = grantedEnd(grant, ttlSeconds, now());
      checkValidityPeriod(typeof nbf === 'number' ? nbf : undefined, exp, now());
      const token = tokenAnswer(await client.post('', { ...body, exp }));
      const expiresAt = tokenEnd(token) ?? exp;
      return answerAs === 'token' ? { token, expiresAt } : { security: { jwtoken: token }, expiresAt };
    };
    return shared.get(JSON.stringify([body, endOptions(grant)]), call, signal);
  }

  return { issue, bindsTokens: false, verify: (token) => verifyByVendor(client, token) };
}

function credentialOf({ apiKey, bintuToken }: PlaybackJwtIssuerOptions) {
  if (apiKey !== undefined && bintuToken === undefined)
    return { header: 'X-BINTU-APIKEY', secret: apiKey } as const;
  if (bintuToken !== undefined && apiKey === undefined)
    return { header: 'X-BINTU-TOKEN', secret: bintuToken } as const;
  throw new TypeError('playbackJwtIssuer needs exactly one of the options apiKey and bintuToken.');
}

function targetFields(target: PlaybackTarget): Record<string, unknown> {
  const given = ['groupid', 'streams', 'orgawide'].filter((name) => name in target);
  if (given.length !== 1)
    throw new TypeError('The option target must return exactly one of groupid, streams and orgawide.');
  if ('groupid' in target) return { groupid: checkText(target.groupid, 'groupid') };
  if ('orgawide' in target) return { orgawide: true };
  if (target.streams.length === 0)
    throw new TypeError('The option target returned an empty list of streams.');
  return { streams: target.streams.map((stream) => checkText(stream, 'streams')) };
}

function restrictionFields({ tag, referer, ip }: TokenRestrictions): Record<string, string> {
  return {
    ...(referer !== undefined && { domain: checkReferer(referer) }),
    ...(ip !== undefined && { ip: checkIp(ip) }),
    ...(tag !== undefined && { tag: checkText(tag, 'tag') }),
  };
}
