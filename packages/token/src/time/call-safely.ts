/**
 * Calls something that is not ours to trust: an error of one listener must not keep the others, or what comes after
 * them, from happening. It comes out as an uncaught error, as that of an event listener does.
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
