/** Rejects with what `reason` makes once `timeoutMs` have passed; `stop` takes the timer away. */
export function deadline(timeoutMs: number, reason: () => Error): { late: Promise<never>; stop: () => void } {
  const { promise, reject } = withReject();
  // AbortSignal.timeout would do, but on Node it does not keep the process alive, so a last request could be lost.
  const timer = setTimeout(() => reject(reason()), timeoutMs);
  return { late: promise, stop: () => clearTimeout(timer) };
}

/**
 * A signal that fires once `timeoutMs` have passed or `signal` has; `stop` takes timer and listener away.
 *
 * `AbortSignal.any` would do, but edge runtimes lack it.
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
    abort.abort(new DOMException('The time is over.', 'TimeoutError'));
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

/** Waits, unless `signal` ends it: then it rejects with the signal's reason. */
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
  // The loser of a race is rejected with nobody listening.
  promise.catch(() => undefined);
  return { promise, reject };
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted');
}
