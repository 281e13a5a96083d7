export interface RetryAttempt {
  /** How many attempts have failed in a row, from 1. */
  attempt: number;
  /** A number in [0, 1). */
  random: number;
  /** `Retry-After` of the server, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Remaining lifetime of the current token, in milliseconds; 0 or less when there is none. */
  remainingLifeMs: number;
}

/** Shortest and longest wait after the first failures, in milliseconds. */
const FIRST_WAITS_MS = [
  [1500, 3000],
  [3000, 5000],
] as const;
/** After that, for two minutes. A viewer waits for the end of the outage, so it is noticed within about five seconds. */
const WAIT_MS = [4500, 5500] as const;
const LONG_OUTAGE_ATTEMPTS = 26;
const CAP_MS = 30_000;
const FLOOR_MS = 1000;
const RETRY_AFTER_CAP_MS = 10 * 60_000;
const RETRY_AFTER_JITTER_MS = 1000;

/**
 * Milliseconds to wait before the next attempt: at most 13 attempts in the first minute of an outage, 12 in each later
 * minute, and less after two minutes, when the waits double up to 30 s. All with jitter, so that the clients of a service
 * that was down do not come back in the same moment.
 *
 * While the current token is valid, nobody waits, so the backoff doubles from the start. But no wait is longer than a
 * quarter of its remaining lifetime, down to one second, so that a backend that recovers in time is found in time.
 * `Retry-After` is respected, up to ten minutes, plus jitter. It makes a wait longer but never shorter: a server that
 * sends 0 would otherwise get a hot retry loop.
 */
export function retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs }: RetryAttempt): number {
  const [shortestMs, longestMs] =
    remainingLifeMs > 0 ? aliveRange(attempt, remainingLifeMs) : deadRange(attempt);
  const backoffMs = shortestMs + random * (longestMs - shortestMs);
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) return backoffMs;
  return Math.max(backoffMs, Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + random * RETRY_AFTER_JITTER_MS);
}

function deadRange(attempt: number): readonly [number, number] {
  const range = FIRST_WAITS_MS[attempt - 1] ?? WAIT_MS;
  if (attempt <= LONG_OUTAGE_ATTEMPTS) return range;
  const longestMs = Math.min(CAP_MS, WAIT_MS[1] * 2 ** (attempt - LONG_OUTAGE_ATTEMPTS));
  return [longestMs / 2, longestMs];
}

function aliveRange(attempt: number, remainingLifeMs: number): readonly [number, number] {
  const longestMs = Math.min(CAP_MS, 2000 * 2 ** (attempt - 1), Math.max(2 * FLOOR_MS, remainingLifeMs / 4));
  return [Math.max(FLOOR_MS, longestMs / 2), longestMs];
}
