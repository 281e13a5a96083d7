import { endOptions } from '../granted-end.js';
import { refuseClaims } from '../refuse-unsupported.js';
import type { TokenRestrictions } from '../../grant/grant.js';
import type { IssueRequest } from '../token-issuer.js';
import { tokenAnswer, tokenEnd } from '../nanocosmos/jwt-answer.js';
import { checkLifetime, requestedEnd, type VendorLifetime } from '../nanocosmos/requested-end.js';
import { TokenCache, type SharingOptions } from '../nanocosmos/token-cache.js';
import { VendorClient, type VendorOptions } from '../nanocosmos/vendor-client.js';
import { vendorOptionNames } from '../nanocosmos/vendor-option-names.js';
import type { Secret } from '../secret.js';
import {
  checkIp,
  checkReferer,
  checkText,
  checkValidityPeriod,
  invalid,
} from '../nanocosmos/vendor-parameters.js';
import { verifyByVendor } from '../nanocosmos/verify-by-vendor.js';
import { checkRevocableEnd, revokeByVendor, type RevokingIssuer } from './revoke-by-vendor.js';
import { restrictionNames } from '../../grant/grant.js';
import { requireKnownOptions, type KnownOptions } from '../../http/require-known-options.js';

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
  /**
   * Lifetime in seconds, 1 to 31,536,000, if the grant sets none. With `vendor-default`, the request has no `exp`, and the
   * vendor issues tokens for 24 hours. @defaultValue 300
   */
  readonly ttlSeconds?: VendorLifetime;
  /** Restrictions of every token. Restrictions of the grant override them. `referer` is sent as `domain`. @defaultValue none */
  readonly restrictions?: TokenRestrictions;
  /** Bind the token to the `user` that `authorize` returns, and refuse requests without one. @defaultValue false */
  readonly bindUser?: boolean;
  /** Issue tokens that {@link RevokingIssuer.revoke} can revoke. They live for at most 24 hours. @defaultValue false */
  readonly revocable?: boolean;
  /** End a running playback when its token expires, instead of checking the token only when a connection starts. @defaultValue false */
  readonly forceDisconnect?: boolean;
  /** Data of your own in the token, 1 to 256 characters, or a function that returns it for a request. @defaultValue none */
  readonly cust?: string | ((request: IssueRequest) => string | undefined);
  /** `security` issues `security: { jwtoken }`, the form of the vendor's player; `token` a plain token. @defaultValue `security` */
  readonly answerAs?: 'security' | 'token';
}

/**
 * Requests playback JWTs from the vendor's service (`/api/v1/splay`), for nanoPlayer 4.18 and later. The claims
 * `nbf` and `exp` of the grant are sent to the service; a grant with other claims is refused.
 *
 * @example
 * ```ts
 * const issuer = playbackJwtIssuer({ bintuToken: () => process.env.BINTU_TOKEN ?? '', revocable: true });
 * // Later, for a token that is misused:
 * await issuer.revoke(token);
 * ```
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt
 * @throws TypeError unless exactly one of `apiKey` and `bintuToken` is set, or if `ttlSeconds` is out of range.
 * @throws Problem `issuer-parameter-invalid` or `vendor-…` from `issue`.
 */
export function playbackJwtIssuer(options: PlaybackJwtIssuerOptions): RevokingIssuer {
  requireKnownOptions('playbackJwtIssuer', options, optionNames);
  const { ttlSeconds = 300, now = Date.now, answerAs = 'security' } = options;
  checkLifetime(ttlSeconds);
  const client = new VendorClient({
    ...options,
    service: 'The playback token service',
    url: options.url ?? 'https://token.nanostream.cloud/api/v1/splay',
    ...credentialOf(options),
  });
  const shared = new TokenCache(options, now);
  const targetOf = options.target ?? ((stream: string) => ({ streams: [stream] }));

  async function issue(request: IssueRequest) {
    const { stream, grant, user, signal } = request;
    refuseClaims(grant, 'playbackJwtIssuer', ['exp', 'nbf']);
    if (options.bindUser && user === undefined)
      throw invalid('"user" is missing, and the option bindUser requires it. Return it from authorize.');
    const nbf = grant.claims?.['nbf'];
    const body = {
      ...targetFields(targetOf(stream)),
      ...(typeof nbf === 'number' && { nbf }),
      ...restrictionFields({ ...options.restrictions, ...grant.restrictions }),
      ...(options.bindUser && user !== undefined && { user: checkText(user, 'user') }),
      ...custField(options.cust, request),
      ...(options.revocable && { revocable: true }),
      ...(options.forceDisconnect && { forceDisconnect: true }),
    };
    const call = async () => {
      const exp = requestedEnd(grant, ttlSeconds, now());
      checkValidityPeriod({ nbf: typeof nbf === 'number' ? nbf : undefined, exp }, now());
      if (options.revocable) checkRevocableEnd(exp, now());
      const token = tokenAnswer(await client.post('', { ...body, ...(exp !== undefined && { exp }) }));
      const expiresAt = tokenEnd(token, exp);
      return answerAs === 'token' ? { token, expiresAt } : { security: { jwtoken: token }, expiresAt };
    };
    return shared.get(JSON.stringify([body, endOptions(grant)]), call, signal);
  }

  return {
    issue,
    bindsTokens: false,
    verify: (token) => verifyByVendor(client, token),
    async revoke(token) {
      shared.remove(token);
      await revokeByVendor(client, token);
    },
  };
}

function custField(cust: PlaybackJwtIssuerOptions['cust'], request: IssueRequest): Record<string, string> {
  const value = typeof cust === 'function' ? cust(request) : cust;
  return value === undefined ? {} : { cust: checkText(value, 'cust') };
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

const optionNames: Readonly<Record<keyof PlaybackJwtIssuerOptions, true | KnownOptions>> = {
  ...vendorOptionNames,
  apiKey: true,
  bintuToken: true,
  target: true,
  ttlSeconds: true,
  restrictions: restrictionNames,
  bindUser: true,
  revocable: true,
  forceDisconnect: true,
  cust: true,
  answerAs: true,
};
