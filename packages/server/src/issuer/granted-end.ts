import { isNumericDate, looksLikeMilliseconds, toNumericDate } from '@gatecast/contract';
import type { StreamGrant } from '../grant/grant.js';
import { lifetimeSeconds } from './lifetime-seconds.js';

/**
 * The end of a token in NumericDate seconds: the claim `exp` of the grant, else now and the lifetime of the grant or of the
 * issuer, but never later than `expiresAt` of the grant.
 *
 * @param ttlSeconds - the issuer's lifetime, for a grant that sets none.
 * @throws TypeError if a lifetime is not a whole number from 1 to 31,536,000, or a time is not in seconds.
 */
export function grantedEnd(grant: StreamGrant, ttlSeconds: number, nowMs: number): number {
  const exp = grant.claims?.['exp'];
  const wanted =
    exp === undefined
      ? toNumericDate(nowMs) + lifetimeSeconds(grant.ttlSeconds ?? ttlSeconds)
      : numericDate(exp, 'exp');
  return grant.expiresAt === undefined ? wanted : Math.min(wanted, numericDate(grant.expiresAt, 'expiresAt'));
}

/** What decides the end of a token besides the time: requests that share a token must not differ in it. */
export function endOptions({ claims, ttlSeconds, expiresAt }: StreamGrant): unknown[] {
  return [claims?.['exp'], ttlSeconds, expiresAt];
}

/** Does the grant set an end or a lifetime? Otherwise the issuer's options apply. */
export function setsEnd(grant: StreamGrant): boolean {
  return endOptions(grant).some((option) => option !== undefined);
}

/** @throws TypeError unless the value is a NumericDate (seconds since 1970). */
export function numericDate(value: unknown, name: string): number {
  // Verifiers accept whole seconds only.
  if (isNumericDate(value)) return Math.floor(value);
  throw new TypeError(
    looksLikeMilliseconds(value)
      ? `"${name}" looks like milliseconds. Divide it by 1000.`
      : `"${name}" must be a number of seconds since 1970.`,
  );
}
