import { isNumericDate } from '@gatecast/contract';
import type { JWTPayload } from 'jose';
import { Problem } from '../http/problem.js';

export interface TimeLimits {
  readonly nowMs: number;
  /** Longest time from `iat`, or from now, to `exp`, in seconds. */
  readonly longestLifeSeconds: number;
  /** Accepted clock difference in seconds. */
  readonly clockToleranceSeconds: number;
}

/**
 * How far `iat` may be in the future, in seconds. Clocks of issuers differ, and an early `iat` gives no access:
 * `nbf` decides when a token starts.
 */
const ISSUED_AHEAD_SECONDS = 60;

/**
 * Requires that the times of a signed token are NumericDate seconds, fractions allowed (RFC 7519 section 2).
 *
 * @throws Problem `token-invalid`
 */
export function requireSaneTimes(claims: JWTPayload): void {
  for (const name of ['exp', 'nbf', 'iat'] as const) {
    const value: unknown = claims[name];
    if (value === undefined || isNumericDate(value)) continue;
    throw new Problem('token-invalid', `The claim "${name}" is not a number of seconds since 1970.`);
  }
}

/**
 * Requires that a token is not issued in the future and does not live longer than the verifier accepts.
 *
 * @throws Problem `token-invalid`, `token-not-yet-valid`
 */
export function requireBoundedLife(claims: JWTPayload, limits: TimeLimits): void {
  const { nowMs, longestLifeSeconds, clockToleranceSeconds } = limits;
  const nowSeconds = nowMs / 1000;
  const { iat = nowSeconds, exp = Infinity } = claims;
  if (iat > nowSeconds + Math.max(ISSUED_AHEAD_SECONDS, clockToleranceSeconds)) {
    throw new Problem('token-not-yet-valid', 'The token was issued in the future.', {
      hint: 'Compare the clocks of the issuer and of this server.',
    });
  }
  // A later `iat` must not make the life shorter than it is.
  const lifeSeconds = exp - Math.min(iat, nowSeconds);
  if (lifeSeconds > longestLifeSeconds + (claims.iat === undefined ? clockToleranceSeconds : 0)) {
    throw new Problem('token-invalid', 'The token lives longer than this server accepts.', {
      hint: 'Issue tokens with a shorter lifetime, or raise longestLifeSeconds of the verifier.',
    });
  }
}
