import { signedJwt, signedJwtOptionNames, type SignedJwtOptions } from '../signed-jwt.js';
import type { TokenIssuer } from '../token-issuer.js';
import { requireKnownOptions } from '../../http/require-known-options.js';

export type JwtIssuerOptions = SignedJwtOptions;

/**
 * Issues playback tokens, signed by this server, for HLS origins that verify with public keys. Header: `alg`, `kid`,
 * `typ`. Claims: `sub` (the stream), `aud`, `exp`.
 *
 * @example
 * ```ts
 * const keys = createKeySet([await importSigningKey(pem, { kid: 'ABC123' })]);
 * const issuer = jwtIssuer({ keys, ttlSeconds: 300 });
 * ```
 * @throws Problem `issuer-parameter-invalid` from `issue` if the grant restricts the IP address or the referer.
 * @throws TypeError if `ttlSeconds` is not a whole number from 1 to 31,536,000; from `issue` also if a time claim is not
 *   in seconds.
 */
export function jwtIssuer(options: JwtIssuerOptions): TokenIssuer {
  requireKnownOptions('jwtIssuer', options, signedJwtOptionNames);
  return signedJwt(options, 'jwtIssuer');
}
