import type { SecureTokenFailedEvent, SecureTokenRefreshedEvent } from '@gatecast/player';
import { describeRetry } from './describe-retry.js';
import type { TimelineRecord } from './timeline-record.js';

export interface WatchTokensOptions {
  readonly record: TimelineRecord;
  /** Returns the lane name of a stream, if playback and ingest tokens have the same stream name. */
  readonly laneOf?: (stream: string) => string;
  /** How far the server's clock is ahead of this page's, in milliseconds. */
  readonly serverOffsetMs: () => number;
  readonly signal: AbortSignal;
}

/** Records the tokens of an element, by this page's clock. */
export function watchTokens(
  element: HTMLElement,
  { record, laneOf = (stream) => stream, serverOffsetMs, signal }: WatchTokensOptions,
): void {
  function onRefreshed({ stream, reason, expiresAtMs }: SecureTokenRefreshedEvent): void {
    record.addToken({
      stream: laneOf(stream),
      reason,
      startAtMs: Date.now(),
      expiresAtMs: expiresAtMs === null ? null : expiresAtMs - serverOffsetMs(),
    });
  }

  function onFailed({ stream, error, willRetryInMs }: SecureTokenFailedEvent): void {
    record.addTokenFailure({
      stream: laneOf(stream),
      atMs: Date.now(),
      message: `${error.message} ${describeRetry(willRetryInMs)}`,
    });
  }

  element.addEventListener('secure-token-refreshed', onRefreshed, { signal });
  element.addEventListener('secure-token-failed', onFailed, { signal });
}
