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

/** A broadcast with viewers must reconnect soon after the ingest is back. */
const CAP_MS = 5000;

/** Milliseconds to wait before the next session; `null` if another attempt cannot succeed or is too late. */
export function reopenDelayMs({
  error,
  attempt,
  isReconnect,
  remainingMs,
  random,
}: ReopenAttempt): number | null {
  const isWorthwhile = isReconnect
    ? // After a lost connection the ingest may still have the old session, so a conflict is temporary.
      error.retryable || error.code === 'ingest-conflict'
    : // A script that does not load usually has a wrong URL. The user should see this error immediately.
      error.retryable && error.code !== 'vendor-script-failed';
  if (!isWorthwhile) return null;
  const { retryAfterMs } = error;
  const backoffMs = retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs: 0 });
  const waitMs = retryAfterMs === undefined ? Math.min(CAP_MS, backoffMs) : backoffMs;
  return waitMs < remainingMs ? waitMs : null;
}
