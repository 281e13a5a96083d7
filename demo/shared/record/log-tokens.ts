import type { SecureErrorEvent, SecureTokenFailedEvent, SecureTokenRefreshedEvent } from '@gatecast/player';
import { describeReason } from './describe-reason.js';
import type { EventList } from './event-list.js';

export interface LogTokensOptions {
  readonly list: EventList;
  /** What the tokens are for, where a page has several kinds. */
  readonly purpose?: string;
  readonly signal: AbortSignal;
}

/** Writes what an element tells of its tokens, and its last error, into a list. */
export function logTokens(element: HTMLElement, { list, purpose = '', signal }: LogTokensOptions): void {
  const what = purpose === '' ? 'Token' : `${purpose} token`;

  function onRefreshed({ stream, reason, durationMs }: SecureTokenRefreshedEvent): void {
    const words = `${what} for ${stream}, ${describeReason(reason)}, after ${Math.round(durationMs)} ms`;
    list.add(words, reason === 'rejected' ? 'warn' : 'good');
  }

  function onFailed({ stream, error, willRetryInMs }: SecureTokenFailedEvent): void {
    const next =
      willRetryInMs === null ? 'No further try.' : `Next try in ${(willRetryInMs / 1000).toFixed(1)} s.`;
    list.add(
      `${what} for ${stream} failed (${error.code}): ${error.message} ${next}`,
      willRetryInMs === null ? 'bad' : 'warn',
    );
  }

  function onError({ error }: SecureErrorEvent): void {
    list.add(`${error.message} ${error.hint} (${error.code})`, 'bad');
  }

  element.addEventListener('secure-token-refreshed', onRefreshed, { signal });
  element.addEventListener('secure-token-failed', onFailed, { signal });
  element.addEventListener('secure-error', onError, { signal });
}
