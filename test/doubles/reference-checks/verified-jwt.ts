import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Problem } from '@gatecast/server';
import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';

interface VerifiedJwt {
  readonly claims: JWTPayload;
  readonly kid: string | undefined;
  readonly expiresAt: number;
}

/**
 * Verifies a JWT with `jose`: signature, times, and what the options demand.
 *
 * @throws Problem
 */
export async function verifiedJwt(
  token: string | undefined,
  key: KeyObject | JWTVerifyGetKey,
  nowMs: number,
  options: JWTVerifyOptions,
): Promise<VerifiedJwt> {
  if (token === undefined) throw new Problem('token-missing', 'The request has no token.');
  const checks = { ...options, currentDate: new Date(nowMs), requiredClaims: ['exp'] };
  try {
    const getKey: JWTVerifyGetKey = typeof key === 'function' ? key : () => key;
    const { payload, protectedHeader } = await jwtVerify(token, getKey, checks);
    return { claims: payload, kid: protectedHeader.kid, expiresAt: payload.exp ?? NaN };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Problem('token-expired', 'The token has expired.');
    if (error instanceof errors.JOSEError) throw new Problem('token-invalid', 'jose refuses the token.');
    throw error;
  }
}

/** The public half of a key in PEM. */
export function publicHalf(pem: string): KeyObject {
  return createPublicKey(createPrivateKey(pem));
}
