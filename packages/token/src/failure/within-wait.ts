import { delay, systemClock } from '../time/clock.js';

/** On a bad network the code may not arrive either. What has failed waits no longer for it. */
const LONGEST_WAIT_MS = 2000;

/**
 * What code that is loaded for it makes of a failure; the fallback if the code does not come in time.
 *
 * @param signal - of the request that has failed.
 */
export function withinWait<T, F>(work: Promise<T>, fallback: F, signal?: AbortSignal | null): Promise<T | F> {
  const wait = new AbortController();
  const end = (): void => wait.abort();
  signal?.addEventListener('abort', end, { signal: wait.signal });
  return Promise.race([work, delay(systemClock, LONGEST_WAIT_MS, wait.signal).then(() => fallback)])
    .catch(() => fallback)
    .finally(end);
}
