export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 100;

/** Waits until a condition is met. Resolves with `false` after the timeout. @throws the signal's reason on abort. */
export async function waitUntil(isSo: () => boolean, { timeoutMs, signal }: WaitOptions): Promise<boolean> {
  // Not `Date.now()`, which `simulateBackground` changes.
  const endsAtMs = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() >= endsAtMs) return false;
    await pause(lookEveryMs, signal);
  }
  return true;
}

/** Waits for a time. @throws the signal's reason on abort. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      // A reason can have any type, but callers expect an Error.
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
