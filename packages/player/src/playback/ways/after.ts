import type { Clock } from '@gatecast/token';

/** Calls back once, after a while, unless the signal aborts before that. */
export function after(clock: Clock, delayMs: number, signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) return;
  const cancel = clock.at(clock.now() + delayMs, callback);
  signal.addEventListener('abort', cancel, { once: true });
}
