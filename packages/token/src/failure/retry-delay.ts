export interface RetryAttempt {
  /** How many attempts have failed in a row, from 1. */
  attempt: number;
  /** A number in [0, 1). */
  random: number;
  /** `Retry-After` of the server, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Remaining lifetime of the current token, in milliseconds; 0 or less when there is none. @defaultValue 0 */
  remainingLifeMs?: number;
  /** A token `backend` computes each response; a media `origin` or ingest serves each client all the time. @defaultValue `backend` */
  service?: 'backend' | 'origin';
}

/** Shortest and longest waits for an origin: after the first failures, and after any later one. */
const ORIGIN_WAITS_MS = [
  [500, 1000],
  [1000, 2000],
  [2500, 4000],
] as const;
const ORIGIN_RETRY_AFTER_CAP_MS = 60_000;

/** The same for a backend. A viewer waits for the end of the outage, so it is noticed within about five seconds. */
const BACKEND_WAITS_MS = [
  [1500, 3000],
  [3000, 5000],
  [4500, 5500],
] as const;
/** About two minutes. */
const LONG_OUTAGE_ATTEMPTS = 26;
const CAP_MS = 30_000;
const FLOOR_MS = 1000;
const RETRY_AFTER_CAP_MS = 10 * 60_000;
const RETRY_AFTER_JITTER_MS = 1000;

/**
 * Milliseconds to wait before the next attempt, with jitter, so that the clients of a service that was down do not come
 * back in the same moment.
 *
 * - A backend gets at most 13 attempts in the first minute of an outage, 12 in each later one, and less after two minutes,
 *   when the waits double up to 30 s. While the current token is valid, no viewer waits, so the backoff doubles from the
 *   start. But no wait is longer than a quarter of its remaining lifetime, down to one second, so that a backend that
 *   recovers in time is found in time.
 * - An origin gets at most 20 attempts a minute. A player without faults asks it as often.
 *
 * `Retry-After` is respected, up to ten minutes for a backend and one for an origin, plus jitter. It makes a wait longer
 * but never shorter: a server that sends 0 would otherwise get a hot retry loop.
 */
export function retryDelayMs({
  attempt,
  random,
  retryAfterMs,
  remainingLifeMs = 0,
  service = 'backend',
}: RetryAttempt): number {
  const isOrigin = service === 'origin';
  const [shortestMs, longestMs] = isOrigin
    ? nthRange(ORIGIN_WAITS_MS, attempt)
    : remainingLifeMs > 0
      ? aliveRange(attempt, remainingLifeMs)
      : deadRange(attempt);
  const backoffMs = shortestMs + random * (longestMs - shortestMs);
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) return backoffMs;
  const capMs = isOrigin ? ORIGIN_RETRY_AFTER_CAP_MS : RETRY_AFTER_CAP_MS;
  return Math.max(backoffMs, Math.min(retryAfterMs, capMs) + random * RETRY_AFTER_JITTER_MS);
}

type Range = readonly [shortestMs: number, longestMs: number];

/** The range of an attempt, from 1; the last one is for all later attempts. */
function nthRange(ranges: readonly [Range, Range, Range], attempt: number): Range {
  return ranges[attempt - 1] ?? ranges[2];
}

function deadRange(attempt: number): Range {
  if (attempt <= LONG_OUTAGE_ATTEMPTS) return nthRange(BACKEND_WAITS_MS, attempt);
  const longestMs = Math.min(CAP_MS, BACKEND_WAITS_MS[2][1] * 2 ** (attempt - LONG_OUTAGE_ATTEMPTS));
  return [longestMs / 2, longestMs];
}

function aliveRange(attempt: number, remainingLifeMs: number): Range {
  const longestMs = Math.min(CAP_MS, 2000 * 2 ** (attempt - 1), Math.max(2 * FLOOR_MS, remainingLifeMs / 4));
  return [Math.max(FLOOR_MS, longestMs / 2), longestMs];
}
