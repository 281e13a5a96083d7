/** Longest lifetime of a token. The only way to end one is often to wait, so a year is the limit. */
const LONGEST_SECONDS = 365 * 86_400;

/** @throws TypeError unless it is a whole number of seconds from 1 to a year. */
export function lifetimeSeconds(ttlSeconds: number): number {
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > LONGEST_SECONDS) {
    throw new TypeError(`ttlSeconds must be a whole number of seconds from 1 to ${String(LONGEST_SECONDS)}.`);
  }
  return ttlSeconds;
}
