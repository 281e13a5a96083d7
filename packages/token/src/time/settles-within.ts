import { delay, type Clock } from './clock.js';

/** Waits until work has settled, but not longer than the limit; `false` if it is still pending then. */
export async function settlesWithin(work: Promise<unknown>, clock: Clock, limitMs: number): Promise<boolean> {
  const wait = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const late = delay(clock, limitMs, wait.signal).then(
    () => false,
    () => true,
  );
  const isSettled = await Promise.race([settled, late]);
  wait.abort();
  return isSettled;
}
