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

const BASE_MS = 1000;
const CAP_MS = 30_000;
const FLOOR_MS = 200;
const RETRY_AFTER_CAP_MS = 10 * 60_000;

/**
 * Milliseconds to wait before the next attempt: exponential backoff from 1 s to 30 s with full jitter.
 *
 * While the current token is valid, no wait is longer than a quarter of its remaining lifetime, so that a backend that
 * recovers in time is found in time. `Retry-After` is respected, up to ten minutes, plus jitter. It makes a wait longer
 * but never shorter: a server that sends 0 would otherwise get a hot retry loop.
 */
export function retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs }: RetryAttempt): number {
  const ceilingMs = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  const urgentMs = remainingLifeMs > 0 ? remainingLifeMs / 4 : Infinity;
  const backoffMs = Math.max(FLOOR_MS, random * Math.min(ceilingMs, urgentMs));
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) return backoffMs;
  return Math.max(backoffMs, Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + random * BASE_MS);
}
