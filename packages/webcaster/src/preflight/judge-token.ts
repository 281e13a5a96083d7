import type { CheckFinding } from './check-report.js';

/** What is known of a token that the backend has just given. Instants are by the server's clock. */
export interface TokenReading {
  /** `null` when unknown. */
  readonly expiresAtMs: number | null;
  /** The server's time now. */
  readonly nowMs: number;
  /** Server minus device, in milliseconds; 0 if unknown. */
  readonly clockOffsetMs: number;
}

/** A reconnect needs this long at most for its requests. */
const SHORT_MS = 10_000;
/** The kit corrects a wrong clock; certificates and the backend's logs do not. */
const WRONG_CLOCK_MS = 60_000;

/** Judges a token that was given. A refusal is an error with its own words. */
export function judgeToken({ expiresAtMs, nowMs, clockOffsetMs }: TokenReading): CheckFinding {
  const leftMs = expiresAtMs === null ? null : expiresAtMs - nowMs;
  const value = {
    ...(leftMs !== null && { remainingSeconds: Math.round(leftMs / 1000) }),
    clockOffsetSeconds: Math.round(clockOffsetMs / 1000),
  };
  if (leftMs !== null && leftMs < SHORT_MS)
    return {
      result: 'warning',
      code: 'token-short',
      message: `The token is valid for only ${String(Math.max(0, Math.round(leftMs / 1000)))} s.`,
      hint: 'Let the backend give ingest tokens of a minute or more.',
      value,
    };
  if (Math.abs(clockOffsetMs) > WRONG_CLOCK_MS)
    return {
      result: 'warning',
      code: 'token-clock',
      message: `The clock of this device differs by ${String(Math.abs(value.clockOffsetSeconds))} s from the server’s.`,
      hint: 'Let the system set its time by the network.',
      value,
    };
  return { result: 'passed', code: 'token-ok', message: 'The backend allows this broadcast.', value };
}
