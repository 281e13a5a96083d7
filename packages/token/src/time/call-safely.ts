/**
 * Calls a listener so that its error does not stop other listeners or the caller. The error is reported as uncaught, like
 * that of an event listener.
 */
export function callSafely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
