import { delay, GatecastError, type Clock, type MediaResponse } from '@gatecast/token';
import type { LoaderConfig, LoaderStats, RetryConfig } from 'hls.js';
import { isTimeout } from './media-loader.js';

export interface RepeatedRequest {
  readonly stats: LoaderStats;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Repeats a request that has failed as the loaders of hls.js do: it leaves the retries of manifests and keys to them. Refusals
 * and failures of the token are not repeated here.
 *
 * @param first - why the request has failed.
 * @throws the error of the last repeat; `first` without one.
 */
export async function repeatByPolicy(
  first: unknown,
  { timeoutRetry, errorRetry }: LoaderConfig,
  { stats, signal, clock }: RepeatedRequest,
  send: () => Promise<MediaResponse>,
): Promise<MediaResponse> {
  for (let error = first; ;) {
    const retry = isTimeout(error) ? timeoutRetry : isPassing(error) ? errorRetry : null;
    if (signal.aborted || !retry || stats.retry >= retry.maxNumRetry) throw error;
    await delay(clock, waitMs(retry, stats.retry), signal);
    stats.retry += 1;
    try {
      return await send();
    } catch (next) {
      error = next;
    }
  }
}

function waitMs({ retryDelayMs, maxRetryDelayMs, backoff }: RetryConfig, retries: number): number {
  const factor = backoff === 'linear' ? retries + 1 : 2 ** retries;
  return Math.min(factor * retryDelayMs, maxRetryDelayMs);
}

function isPassing(error: unknown): boolean {
  return error instanceof GatecastError && error.code.startsWith('source-') && error.retryable;
}
