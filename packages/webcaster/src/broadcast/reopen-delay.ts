import { retryDelayMs, type GatecastError } from '@gatecast/token';

export interface ReopenAttempt {
  readonly error: GatecastError;
  /** How many attempts have failed in a row, from 1. */
  readonly attempt: number;
  /** Was it on air before? */
  readonly isReconnect: boolean;
  /** Time left before giving up, in milliseconds. */
  readonly remainingMs: number;
  /** A number in [0, 1). */
  readonly random: number;
}

/** An ingest that is back must be found soon: whoever waits here is on air, with viewers waiting too. */
const CAP_MS = 5000;

/** Milliseconds to wait before opening another session, or `null` when there is no use or no time. */
export function reopenDelayMs({
  error,
  attempt,
  isReconnect,
  remainingMs,
  random,
}: ReopenAttempt): number | null {
  const isWorthwhile = isReconnect
    ? // After a loss the ingest may still hold our own dead session, so "somebody else is sending" will pass.
      error.retryable || error.code === 'ingest-conflict'
    : // A script that does not load is mostly a wrong address, and somebody waits to read that.
      error.retryable && error.code !== 'vendor-script-failed';
  if (!isWorthwhile) return null;
  const { retryAfterMs } = error;
  const backoffMs = retryDelayMs({ attempt, random, retryAfterMs, remainingLifeMs: 0 });
  const waitMs = retryAfterMs === undefined ? Math.min(CAP_MS, backoffMs) : backoffMs;
  return waitMs < remainingMs ? waitMs : null;
}
