import { toNumericDate } from '@gatecast/contract';
import type { KeySet } from '../key/key-set.js';
import { refuseRestrictions } from './refuse-restrictions.js';
import { lifetimeSeconds, numericDate, signClaims } from './sign-claims.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from './token-issuer.js';

export interface JwtIssuerOptions {
  readonly keys: KeySet;
  /** `aud`. @defaultValue `v` */
  readonly audience?: string | readonly string[];
  /** `iss`; left out when not given. */
  readonly issuer?: string;
  /** Lifetime in seconds where the grant gives none; a function is asked for each token. @defaultValue 300 */
  readonly ttlSeconds?: number | ((request: IssueRequest) => number);
  /** Claims that are added besides `sub`, `aud` and `exp`. @defaultValue none */
  readonly include?: readonly ('iat' | 'nbf' | 'jti')[];
  /** Further claims for every token; those of the grant win. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
}

/**
 * Issues signed playback tokens as HLS origins with signing keys expect them: header `alg kid typ`, claims `sub` (the
 * stream), `aud`, `exp`.
 *
 * @throws Problem `issuer-parameter-invalid` from `issue` for a restriction by address or referer.
 * @throws TypeError from `issue` when a lifetime or time claim is not in seconds.
 */
export function jwtIssuer(options: JwtIssuerOptions): TokenIssuer {
  const { keys, audience = 'v', issuer, ttlSeconds = 300, include = [], now = Date.now } = options;
  if (typeof ttlSeconds === 'number') lifetimeSeconds(ttlSeconds);
  return {
    async issue(request: IssueRequest): Promise<IssuedToken> {
      const { stream, grant } = request;
      refuseRestrictions(grant, 'jwtIssuer');
      const nowSeconds = toNumericDate(now());
      const ttl = lifetimeSeconds(
        grant.ttlSeconds ?? (typeof ttlSeconds === 'function' ? ttlSeconds(request) : ttlSeconds),
      );
      const { exp, nbf, iat, jti, ...custom } = { ...options.claims, ...grant.claims };
      const expiresAt = exp === undefined ? nowSeconds + ttl : numericDate(exp, 'exp');
      const tokenId =
        typeof jti === 'string' ? jti : include.includes('jti') ? crypto.randomUUID() : undefined;
      const claims = {
        sub: stream,
        aud: audience,
        exp: expiresAt,
        ...(issuer !== undefined && { iss: issuer }),
        ...timeClaim('iat', iat, include.includes('iat') ? nowSeconds : undefined),
        ...timeClaim('nbf', nbf, include.includes('nbf') ? nowSeconds : undefined),
        ...(tokenId !== undefined && { jti: tokenId }),
      };
      // Whatever a grant adds, the token stays one for the stream that was granted.
      const token = await signClaims(keys, { ...claims, ...custom, sub: stream });
      return { token, expiresAt, ...(tokenId !== undefined && { tokenId }) };
    },
  };
}

function timeClaim(name: string, given: unknown, computed: number | undefined): Record<string, number> {
  const value = given === undefined ? computed : numericDate(given, name);
  return value === undefined ? {} : { [name]: value };
}
