import { GatecastError, delay, systemClock } from '@gatecast/token';
import type { LoaderConfig } from 'hls.js';

export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/**
 * Milliseconds until the first playlist is requested again, by the retry options of hls.js, which leaves this retry to its
 * loader; `null` if it is not. Pure.
 *
 * @param attempt - how many requests have been repeated before.
 * @see https://github.com/video-dev/hls.js/blob/master/docs/API.md#manifestloadpolicy
 */
export function manifestRetryMs(policy: LoaderConfig, error: unknown, attempt: number): number | null {
  const isTimeoutError = isTimeout(error);
  const retry = isTimeoutError ? policy.timeoutRetry : policy.errorRetry;
  if (!retry) return null;
  const status = error instanceof GatecastError ? (error.status ?? 0) : 0;
  const isAllowed = attempt < retry.maxNumRetry && (isTimeoutError || status < 400 || status > 499);
  const response = { url: '', code: status, data: '' };
  const isWanted = retry.shouldRetry
    ? retry.shouldRetry(retry, attempt, isTimeoutError, response, isAllowed)
    : isAllowed;
  if (!isWanted) return null;
  const factor = retry.backoff === 'linear' ? 1 : 2 ** attempt;
  return Math.min(factor * retry.retryDelayMs, retry.maxRetryDelayMs);
}

/**
 * Loads the first playlist, again as often as a policy of the page says; without one, a failure is reported at once.
 *
 * @throws the error of the last attempt, or the signal's reason.
 */
export async function retryAsManifest<Result>(
  load: (isAgain: boolean) => Promise<Result>,
  policy: LoaderConfig | undefined,
  signal: AbortSignal,
  clock = systemClock,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load(attempt > 0);
    } catch (error) {
      const retryMs = policy ? manifestRetryMs(policy, error, attempt) : null;
      if (retryMs === null) throw error;
      await delay(clock, retryMs, signal);
    }
  }
}
