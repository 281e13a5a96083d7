export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 100;

/** Waits until something is so, and says whether it came to be in time. @throws the signal's reason */
export async function waitUntil(isSo: () => boolean, { timeoutMs, signal }: WaitOptions): Promise<boolean> {
  // Not the clock of day, which a simulation moves.
  const endsAtMs = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() >= endsAtMs) return false;
    await pause(lookEveryMs, signal);
  }
  return true;
}

/** @throws the signal's reason when it aborts first */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      // A signal's reason is for its owner to choose; a page's is an Error.
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('Stopped.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, durationMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
