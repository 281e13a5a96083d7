export interface RetryAttempt {
  /** How many attempts have failed in a row, from 1. */
  attempt: number;
  /** A number in [0, 1). */
  random: number;
  /** What the server asked for in `Retry-After`. */
  retryAfterMs?: number | undefined;
  /** How long the token in hand still lives; 0 or less when there is none. */
  remainingLifeMs: number;
}

const BASE_MS = 1000;
const CAP_MS = 30_000;
const FLOOR_MS = 200;
const RETRY_AFTER_CAP_MS = 10 * 60_000;

/**
 * Milliseconds to wait before the next attempt: exponential backoff from 1 s to 30 s with full jitter.
 *
 * While an old token still lives, no wait is longer than a quarter of what is left of it, so that a backend that
 * comes back in time is found in time. `Retry-After` is obeyed, up to ten minutes, with jitter on top; it makes a wait
 * longer but never shorter, as a server that says 0 would otherwise be asked without a rest.
 */
export function retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs }: RetryAttempt): number {
  const ceilingMs = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  const urgentMs = remainingLifeMs > 0 ? remainingLifeMs / 4 : Infinity;
  const backoffMs = Math.max(FLOOR_MS, random * Math.min(ceilingMs, urgentMs));
  if (retryAfterMs === undefined || Number.isNaN(retryAfterMs)) return backoffMs;
  return Math.max(backoffMs, Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + random * BASE_MS);
}
