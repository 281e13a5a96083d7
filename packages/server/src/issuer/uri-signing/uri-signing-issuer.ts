import { SignJWT } from 'jose';
import { toNumericDate } from '@gatecast/contract';
import { Problem } from '../../http/problem.js';
import { grantedEnd, numericDate } from '../granted-end.js';
import { lifetimeSeconds } from '../lifetime-seconds.js';
import { refuseClaims, refuseRestrictions } from '../refuse-unsupported.js';
import { readSecret, type Secret } from '../secret.js';
import { appendQuery, checkTemplate, checkUrlTemplate, fillTemplate, pathOf } from '../stream-template.js';
import type { IssuedToken, TokenIssuer } from '../token-issuer.js';
import { packageKey } from './package-key.js';
import { canDecode, PACKAGE_FIELD, uriContainer } from './uri-container.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export interface UriSigningIssuerOptions {
  /** Signing key: a JWK as JSON text, with `kid` and `alg` (`HS256` or `ES256`). */
  readonly key: Secret;
  /** Claim `iss`, by which the CDN finds the key. */
  readonly issuer: string;
  /** Claim `aud`. @defaultValue none */
  readonly audience?: string | readonly string[];
  /** Folder of a stream, a template that ends with the name and a slash: `/live/{stream}/`. Becomes `cdniuc`. */
  readonly path: string;
  /** Address of the first playlist, a template. It must be in the folder `path`. */
  readonly url: string;
  /**
   * `cdniets`: seconds, 1 to 31,536,000, that each token lives that the CDN writes into the cookie (`cdnistt` 1). Grants with an
   * end get a token without it, because the CDN would renew it after that end. @defaultValue none: a token in every request
   */
  readonly renewalSeconds?: number;
  /** Lifetime in seconds, 1 to 31,536,000, if the grant sets none. @defaultValue 300 */
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

const NAME = 'uriSigningIssuer';
/** Wildcards, and the percent sign: Traffic Server does not tell the address of `a%2Fb` from that of `a/b`. */
const REFUSED = /[*?%]/;

/**
 * Issues signed packages of URI Signing for CDNI.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9246
 * @throws TypeError if an option has another form, or from `issue` if the key cannot be read.
 * @throws Problem `issuer-parameter-invalid` from `issue` for a grant that the token cannot express.
 */
export function uriSigningIssuer(options: UriSigningIssuerOptions): TokenIssuer {
  requireKnownOptions('uriSigningIssuer', options, optionNames);
  const { issuer, audience, renewalSeconds, ttlSeconds = 300, now = Date.now } = options;
  checkOptions(options);
  lifetimeSeconds(ttlSeconds);
  if (renewalSeconds !== undefined) lifetimeSeconds(renewalSeconds);
  return {
    bindsTokens: false,
    async issue({ stream, grant }): Promise<IssuedToken> {
      refuseClaims(grant, NAME, ['exp', 'nbf']);
      refuseRestrictions(grant, NAME);
      if (/^\.{1,2}$/.test(stream))
        throw new Problem('issuer-parameter-invalid', 'The name of the stream means another folder.');
      const nowMs = now();
      const expiresAt = grantedEnd(grant, ttlSeconds, nowMs);
      const notBefore = grant.claims?.['nbf'];
      const endsForGood = grant.expiresAt !== undefined || grant.claims?.['exp'] !== undefined;
      const isRenewed = renewalSeconds !== undefined && !endsForGood;
      const entry = fillTemplate(options.url, stream, REFUSED);
      const { kid, alg, sign } = await packageKey(await readSecret(options.key));
      const token = await new SignJWT({
        iss: issuer,
        ...(audience !== undefined && { aud: typeof audience === 'string' ? audience : [...audience] }),
        exp: expiresAt,
        ...(notBefore !== undefined && { nbf: numericDate(notBefore, 'nbf') }),
        iat: toNumericDate(nowMs),
        cdniv: 1,
        cdniuc: uriContainer(new URL(fillTemplate(options.path, stream), entry)),
        ...(isRenewed && { cdniets: renewalSeconds, cdnistt: 1, cdnistd: depthOf(options.path) }),
      })
        .setProtectedHeader({ alg, kid })
        .sign(sign);
      const field = { [PACKAGE_FIELD]: token };
      const own = { url: appendQuery(entry, field), expiresAt };
      // Without the CDN's cookie, every request needs the token itself.
      return isRenewed ? { ...own, cookie: true, isRenewedInCookie: true } : { ...own, query: field };
    },
  };
}

/** `cdnistd`: the segments up to the name, so that the cookie of one stream does not replace another's. */
function depthOf(path: string): number {
  return path.split('/').length - 2;
}

function checkOptions({ issuer, path, url }: UriSigningIssuerOptions): void {
  if (issuer === '') throw new TypeError('The option issuer must not be empty.');
  checkTemplate(path, 'path');
  if (!/^\/(?:[^*?#{}/]+\/)*\{stream\}\/$/.test(path))
    throw new TypeError(
      'The option path must begin with a slash and end with "/{stream}/", such as /live/{stream}/.',
    );
  if (!canDecode(path)) throw new TypeError('The option path has a percent sign that encodes no character.');
  checkUrlTemplate(url, 'url');
  if (!pathOf(url).startsWith(path))
    throw new TypeError('The option url must be an address in the folder of the option path.');
  if (url.includes(`${PACKAGE_FIELD}=`))
    throw new TypeError(`The option url must not contain the field "${PACKAGE_FIELD}".`);
}

const optionNames: Readonly<Record<keyof UriSigningIssuerOptions, true>> = {
  key: true,
  issuer: true,
  audience: true,
  path: true,
  url: true,
  renewalSeconds: true,
  ttlSeconds: true,
  now: true,
};
