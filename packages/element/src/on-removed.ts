/**
 * Calls back when an element has left the document for good: moving it is not leaving, so the question is asked
 * again a microtask after each disconnect.
 */
export function onRemoved(element: Element, callback: () => void): void {
  queueMicrotask(() => {
    if (!element.isConnected) callback();
  });
}
