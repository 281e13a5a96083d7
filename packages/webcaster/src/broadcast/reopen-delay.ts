import { retryDelayMs, type GatecastError } from '@gatecast/token';

export interface ReopenAttempt {
  readonly error: GatecastError;
  /** Number of attempts that failed in a row, from 1. */
  readonly attempt: number;
  /** Was it live before? */
  readonly isReconnect: boolean;
  /** Time left before giving up, in milliseconds. */
  readonly remainingMs: number;
  /** A number in [0, 1). */
  readonly random: number;
}

/** A broadcast with viewers must find its ingest soon after it is back. */
const CAP_MS = 5000;

/** Milliseconds to wait before the next session; `null` if another attempt is useless or too late. */
export function reopenDelayMs({
  error,
  attempt,
  isReconnect,
  remainingMs,
  random,
}: ReopenAttempt): number | null {
  const isWorthwhile = isReconnect
    ? // After a loss the ingest may still hold our own lost session, so a conflict will pass.
      error.retryable || error.code === 'ingest-conflict'
    : // A script that does not load usually has a wrong URL, and the user should read that now.
      error.retryable && error.code !== 'vendor-script-failed';
  if (!isWorthwhile) return null;
  const { retryAfterMs } = error;
  const backoffMs = retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs: 0 });
  const waitMs = retryAfterMs === undefined ? Math.min(CAP_MS, backoffMs) : backoffMs;
  return waitMs < remainingMs ? waitMs : null;
}
