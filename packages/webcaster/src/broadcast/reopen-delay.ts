import { outlook, retryDelayMs, type ErrorCode, type GatecastError } from '@gatecast/token';

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

/**
 * At the start these usually come from a wrong address or key, and a user waits. After the broadcast was live they pass
 * like others.
 */
const SHOWN_AT_START: ReadonlySet<ErrorCode> = new Set(['token-rejected', 'vendor-script-failed']);

/**
 * Milliseconds to wait before the next session; `null` if another attempt cannot succeed, or is too late.
 *
 * A broadcast that was live goes on after any refusal of the ingest, also HTTP 401, 403, 404 and 409, because the ingest
 * has accepted it before. At the start only what can pass is tried again: an ingest that is busy or has an old session.
 */
export function reopenDelayMs({
  error,
  attempt,
  isReconnect,
  remainingMs,
  random,
}: ReopenAttempt): number | null {
  if (outlook(error, { hasWorked: isReconnect }) === 'final') return null;
  if (!isReconnect && SHOWN_AT_START.has(error.code)) return null;
  const isBackend = error.code.startsWith('token-') && error.code !== 'token-rejected';
  const service = isBackend ? 'backend' : 'origin';
  const waitMs = retryDelayMs({ attempt, random, retryAfterMs: error.retryAfterMs, service });
  return waitMs < remainingMs ? waitMs : null;
}
