import { Problem } from '../../http/problem.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { readSecret, type Secret } from '../secret.js';
import { signedJwt } from '../signed-jwt.js';
import { appendQuery, checkUrlTemplate, fillTemplate } from '../stream-template.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../token-issuer.js';
import { checkKeyId, vendorKey } from '../vendor-jwt.js';
import { audiences, type MuxTokenType } from './token-types.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface MuxIssuerOptions {
  /** Id of the signing key, `MUX_SIGNING_KEY` in Mux' examples. */
  readonly keyId: string;
  /** The private key as Mux returns it: PEM in base64, `MUX_PRIVATE_KEY` in Mux' examples. PEM works too. */
  readonly keySecret: Secret;
  /** What the token opens. @defaultValue `video` */
  readonly tokenType?: MuxTokenType;
  /** Parameters of the request, as claims: Mux ignores those in the address of a signed playback id. @defaultValue none */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Id of a playback restriction, for the claim `playback_restriction_id`. @defaultValue none */
  readonly playbackRestrictionId?: string;
  /**
   * Address of the first playlist, a template with the playback id: `https://stream.mux.com/{stream}.m3u8`. For pages without
   * `src`.
   *
   * @defaultValue none
   */
  readonly url?: string;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'muxIssuer';
const FIXED = ['sub', 'aud', 'kid', 'exp'];

/**
 * Issues signed tokens for Mux, which go into the query field `token`. The name of the stream is the playback id.
 *
 * @example
 * ```ts
 * const issuer = muxIssuer({ keyId: 'MUX_SIGNING_KEY', keySecret: () => process.env.MUX_PRIVATE_KEY ?? '' });
 * ```
 * @see https://www.mux.com/docs/guides/secure-video-playback
 * @throws TypeError if an option has another form, or from `issue` if the key cannot be read.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that a token cannot express.
 */
export function muxIssuer(options: MuxIssuerOptions): TokenIssuer {
  requireKnownOptions('muxIssuer', options, optionNames);
  const {
    keyId,
    tokenType = 'video',
    params = {},
    playbackRestrictionId,
    url,
    ttlSeconds = 300,
    now,
  } = options;
  checkKeyId(keyId);
  lifetimeSeconds(ttlSeconds);
  if (url !== undefined) checkUrlTemplate(url, 'url');
  if (/[?&]token=/.test(url ?? '')) throw new TypeError('The option url must not contain the field "token".');
  const fixed = Object.keys(params).find((name) => FIXED.includes(name));
  if (fixed !== undefined) throw new TypeError(`The option params must not contain the claim "${fixed}".`);
  const claims = {
    ...params,
    kid: keyId,
    ...(playbackRestrictionId !== undefined && { playback_restriction_id: playbackRestrictionId }),
  };
  return {
    bindsTokens: false,
    async issue(request: IssueRequest): Promise<IssuedToken> {
      const { stream, grant } = request;
      if (grant.claims && ['aud', 'kid'].some((name) => grant.claims?.[name] !== undefined)) {
        throw new Problem('issuer-parameter-invalid', `${NAME} sets the claims "aud" and "kid" itself.`, {
          hint: 'Set the option tokenType of the issuer, and do not return these claims from authorize.',
        });
      }
      const keys = await vendorKey(keyId, await readSecret(options.keySecret));
      const issuer = signedJwt(
        { keys, audience: audiences[tokenType], claims, ttlSeconds, ...(now && { now }) },
        NAME,
      );
      const issued = await issuer.issue(request);
      if (url === undefined || issued.token === undefined) return issued;
      return { ...issued, url: appendQuery(fillTemplate(url, stream), { token: issued.token }) };
    },
  };
}

const optionNames: Readonly<Record<keyof MuxIssuerOptions, true>> = {
  keyId: true,
  keySecret: true,
  tokenType: true,
  params: true,
  playbackRestrictionId: true,
  url: true,
  ttlSeconds: true,
  now: true,
};
