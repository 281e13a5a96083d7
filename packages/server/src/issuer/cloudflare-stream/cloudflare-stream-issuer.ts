import { toNumericDate } from '@gatecast/contract';
import { Problem } from '../../http/problem.js';
import { signClaims } from '../../key/sign-claims.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { checkKeyId, vendorKey } from '../vendor-jwt.js';
import { allowOnly, readAccessRules, type CloudflareAccessRule } from './access-rules.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface CloudflareStreamIssuerOptions {
  /** Member `id` of the response of `POST /accounts/{account_id}/stream/keys`. */
  readonly keyId: string;
  /** Member `jwk` or `pem` of the same response, in base64 as it is, or decoded. */
  readonly privateKey: Secret;
  /**
   * Address of the first playlist, a template with the video's uid as a path segment:
   * `https://customer-<code>.cloudflarestream.com/{stream}/manifest/video.m3u8`. For pages without `src`.
   *
   * @defaultValue none
   */
  readonly url?: string;
  /** Who may watch, at most five rules. The first one that matches decides. @defaultValue everybody */
  readonly accessRules?: readonly CloudflareAccessRule[];
  /** May the token download the MP4 file of a video that has downloads enabled? @defaultValue false */
  readonly downloadable?: boolean;
  /** Lifetime in seconds, 1 to 86,400, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'cloudflareStreamIssuer';
/** Cloudflare refuses tokens that end later than 24 hours after they were signed. */
const LONGEST_SECONDS = 86_400;

/**
 * Issues signed tokens for Cloudflare Stream. The token replaces the video's uid in the path: the name of the stream is the uid
 * of the video or live input.
 *
 * @example
 * ```ts
 * const issuer = cloudflareStreamIssuer({
 *   keyId: '8f926b2b01f38351700125a78a4dcbf6',
 *   privateKey: () => process.env.CLOUDFLARE_STREAM_JWK ?? '',
 * });
 * ```
 * @see https://developers.cloudflare.com/stream/viewing-videos/securing-your-stream/
 * @throws TypeError if an option has another form, or from `issue` if the key cannot be read.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that a token cannot express.
 */
export function cloudflareStreamIssuer(options: CloudflareStreamIssuerOptions): TokenIssuer {
  requireKnownOptions('cloudflareStreamIssuer', options, optionNames);
  const { keyId, url, downloadable = false, ttlSeconds = 300, now = Date.now } = options;
  checkKeyId(keyId);
  if (url !== undefined && !checkUrlTemplate(url, 'url').includes('/{stream}/'))
    throw new TypeError(
      'The option url must have {stream} as a path segment of its own: the token replaces it.',
    );
  const rules = readAccessRules(options.accessRules ?? []);
  if (lifetimeSeconds(ttlSeconds) > LONGEST_SECONDS)
    throw new TypeError('ttlSeconds must be at most 86400: Cloudflare Stream accepts no longer tokens.');
  return {
    bindsTokens: false,
    async issue({ stream, grant }: IssueRequest): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf', 'accessRules', 'downloadable']);
      refuseRestrictions(grant, NAME, ['ip']);
      const { nbf, accessRules, downloadable: mayDownload = downloadable } = grant.claims ?? {};
      const nowMs = now();
      const exp = Math.min(grantedEnd(grant, ttlSeconds, nowMs), toNumericDate(nowMs) + LONGEST_SECONDS);
      if (typeof mayDownload !== 'boolean')
        throw new Problem('issuer-parameter-invalid', 'The claim "downloadable" must be true or false.');
      const given = accessRules === undefined ? rules : readAccessRules(accessRules);
      const ip = grant.restrictions?.ip;
      const all = ip === undefined ? given : allowOnly(ip, given);
      const claims = {
        sub: stream,
        kid: keyId,
        exp,
        ...(nbf !== undefined && { nbf: numericDate(nbf, 'nbf') }),
        ...(mayDownload && { downloadable: true }),
        ...(all.length > 0 && { accessRules: all }),
      };
      const keys = await vendorKey(keyId, await readSecret(options.privateKey));
      // The header as Cloudflare documents it has no `typ`.
      const path = await signClaims(keys, claims, null);
      return { path, ...(url !== undefined && { url: fillTemplate(url, path) }), expiresAt: exp };
    },
  };
}

const optionNames: Readonly<Record<keyof CloudflareStreamIssuerOptions, true>> = {
  keyId: true,
  privateKey: true,
  url: true,
  accessRules: true,
  downloadable: true,
  ttlSeconds: true,
  now: true,
};
