import { signedJwt, type SignedJwtOptions } from '../signed-jwt.js';
import type { TokenIssuer } from '../token-issuer.js';

export type JwtIssuerOptions = SignedJwtOptions;

/**
 * Issues signed playback tokens as HLS origins with signing keys expect them: header `alg`, `kid`, `typ`; claims `sub`
 * (the stream), `aud`, `exp`.
 *
 * @throws Problem `issuer-parameter-invalid` from `issue` for a restriction by address or referer.
 * @throws TypeError from `issue` if a lifetime or time claim is not in seconds.
 */
export function jwtIssuer(options: JwtIssuerOptions): TokenIssuer {
  return signedJwt(options, 'jwtIssuer');
}
