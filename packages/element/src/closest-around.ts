/** The element itself or the nearest around it that matches, also outside of its shadow root; `null` without one. */
export function closestAround<Found extends Element>(element: Element, selector: string): Found | null {
  let inner: Element | null = element;
  while (inner) {
    const found: Found | null = inner.closest<Found>(selector);
    if (found) return found;
    inner = hostOf(inner.getRootNode());
  }
  return null;
}

/** The host of a shadow root, which may be of another document; `null` for any other node. */
export function hostOf(root: Node): Element | null {
  return 'host' in root ? (root as ShadowRoot).host : null;
}
