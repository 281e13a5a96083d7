import type { SecureErrorEvent, SecureTokenFailedEvent, SecureTokenRefreshedEvent } from '@gatecast/player';
import { describeReason } from './describe-reason.js';
import { describeRetry } from '@gatecast/qa/internal/record/describe-retry';
import type { EventLog } from './event-log.js';

export interface LogTokensOptions {
  readonly log: EventLog;
  /** Purpose of the tokens, on a page with playback and ingest tokens. */
  readonly purpose?: string;
  readonly signal: AbortSignal;
}

/** Logs the token events and the fatal errors of an element. */
export function logTokens(element: HTMLElement, { log, purpose = '', signal }: LogTokensOptions): void {
  const what = purpose === '' ? 'Token' : `${purpose} token`;

  function onRefreshed({ stream, reason, durationMs }: SecureTokenRefreshedEvent): void {
    const words = `${what} for ${stream}: ${describeReason(reason)}, after ${Math.round(durationMs)} ms`;
    log.add(words, reason === 'rejected' ? 'warn' : 'good');
  }

  function onFailed({ stream, error, willRetryInMs }: SecureTokenFailedEvent): void {
    log.add(
      `${what} for ${stream} failed (${error.code}): ${error.message} ${describeRetry(willRetryInMs)}`,
      willRetryInMs === null ? 'bad' : 'warn',
    );
  }

  function onError({ error }: SecureErrorEvent): void {
    log.add(`${error.message} ${error.hint} (${error.code})`, 'bad');
  }

  element.addEventListener('secure-token-refreshed', onRefreshed, { signal });
  element.addEventListener('secure-token-failed', onFailed, { signal });
  element.addEventListener('secure-error', onError, { signal });
}
