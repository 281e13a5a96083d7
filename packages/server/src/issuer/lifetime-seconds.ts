/** Longest lifetime of a token: one year, because many origins cannot revoke a token. */
export const LONGEST_SECONDS = 365 * 86_400;

/** @throws TypeError unless the value is a whole number from 1 to 31,536,000 (365 days). */
export function lifetimeSeconds(ttlSeconds: number): number {
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > LONGEST_SECONDS) {
    throw new TypeError(`ttlSeconds must be a whole number of seconds from 1 to ${String(LONGEST_SECONDS)}.`);
  }
  return ttlSeconds;
}
