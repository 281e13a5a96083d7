import type { StreamGrant } from '../../grant/grant.js';
import { grantedEnd, setsEnd } from '../granted-end.js';
import { LONGEST_SECONDS, lifetimeSeconds } from '../lifetime-seconds.js';

/**
 * Lifetime of tokens from a vendor's service: seconds, 1 to 31,536,000, or `vendor-default`. With `vendor-default`, requests
 * name no end, and the service decides, unless the grant sets an end.
 */
export type VendorLifetime = number | 'vendor-default';

/** @throws TypeError unless the value is `vendor-default` or a whole number from 1 to 31,536,000. */
export function checkLifetime(ttlSeconds: VendorLifetime): void {
  if (ttlSeconds !== 'vendor-default') lifetimeSeconds(ttlSeconds);
}

/**
 * The end to request for a token, NumericDate seconds; `undefined` to leave it to the service. A grant with an end or a
 * lifetime always gets one, because the service's default may be later.
 *
 * @throws TypeError if a lifetime or time of the grant is invalid.
 */
export function requestedEnd(
  grant: StreamGrant,
  ttlSeconds: VendorLifetime,
  nowMs: number,
): number | undefined {
  if (ttlSeconds !== 'vendor-default') return grantedEnd(grant, ttlSeconds, nowMs);
  return setsEnd(grant) ? grantedEnd(grant, LONGEST_SECONDS, nowMs) : undefined;
}
