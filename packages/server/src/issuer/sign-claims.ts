import { isNumericDate, looksLikeMilliseconds } from '@gatecast/contract';
import { base64url, SignJWT } from 'jose';
import type { KeySet } from '../key/key-set.js';

/** Longest lifetime that {@link lifetimeSeconds} lets through: what lives longer cannot be revoked by waiting. */
const LONGEST_SECONDS = 365 * 86_400;

/**
 * Signs claims with the active key. The header is `alg kid typ` in this order, as PyJWT and golang-jwt write it, and
 * the payload keeps the order of `claims`, so that the same input gives the same bytes as theirs.
 */
export async function signClaims(
  keys: KeySet,
  claims: Readonly<Record<string, unknown>>,
  typ = 'JWT',
): Promise<string> {
  const { alg, kid, privateKey, signNow } = keys.active;
  const header = { alg, kid, typ };
  if (!signNow) return new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
  const input = `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(claims))}`;
  return `${input}.${base64url.encode(signNow(new TextEncoder().encode(input)))}`;
}

/** @throws TypeError unless it is a whole number of seconds from 1 to a year. */
export function lifetimeSeconds(ttlSeconds: number): number {
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > LONGEST_SECONDS) {
    throw new TypeError(`ttlSeconds is a whole number of seconds from 1 to ${String(LONGEST_SECONDS)}.`);
  }
  return ttlSeconds;
}

/** @throws TypeError unless the value is a NumericDate (seconds since 1970). */
export function numericDate(value: unknown, name: string): number {
  if (isNumericDate(value)) return value;
  throw new TypeError(
    looksLikeMilliseconds(value)
      ? `The claim "${name}" looks like milliseconds: divide it by 1000.`
      : `The claim "${name}" must be a number of seconds since 1970.`,
  );
}
