/** `late` rejects with the error of `reason` after `timeoutMs`. `stop` removes the timer. */
export function deadline(timeoutMs: number, reason: () => Error): { late: Promise<never>; stop: () => void } {
  const { promise, reject } = withReject();
  // Not AbortSignal.timeout: on Node it does not keep the process alive, so a last request could be lost.
  const timer = setTimeout(() => reject(reason()), timeoutMs);
  return { late: promise, stop: () => clearTimeout(timer) };
}

/** What `work` settles with, or a rejection with the error of `reason` after `timeoutMs`. Leaves no timer. */
export async function within<T>(timeoutMs: number, work: Promise<T>, reason: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    // Not Promise.race, which takes several times as long.
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(reason()), timeoutMs);
      work.then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A signal that aborts after `timeoutMs` or with `signal`. `stop` removes the timer and the listener.
 *
 * Not `AbortSignal.any`, which edge runtimes do not have.
 */
export function abortAfter(
  timeoutMs: number,
  signal?: AbortSignal,
): { signal: AbortSignal; isLate: () => boolean; stop: () => void } {
  const abort = new AbortController();
  let isLate = false;
  const onAbort = () => abort.abort(signal?.reason);
  const timer = setTimeout(() => {
    isLate = true;
    abort.abort(new DOMException('The time limit was reached.', 'TimeoutError'));
  }, timeoutMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: abort.signal,
    isLate: () => isLate,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Resolves after `waitMs`. Rejects with the signal's reason if `signal` aborts first. */
export function sleep(waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      if (signal) reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, waitMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function withReject(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  // If the other promise of the race settles first, this rejection has no handler.
  promise.catch(() => undefined);
  return { promise, reject };
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
