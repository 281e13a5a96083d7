/**
 * Calls back if an element is still disconnected a microtask later. Call it in `disconnectedCallback`: an element that is
 * only moved is connected again by then.
 */
export function onRemoved(element: Element, callback: () => void): void {
  queueMicrotask(() => {
    if (!element.isConnected) callback();
  });
}
