import type { ControlsHost } from './controls-host.js';

/**
 * Gives the focus to the next button that fits when an update has removed or hidden the focused one. Otherwise a person
 * with a keyboard would begin again at the top of the page.
 *
 * To be called before the update renders.
 */
export function keepFocus(host: ControlsHost): void {
  const root = host.renderRoot as ShadowRoot;
  const focused = root.activeElement;
  if (!focused) return;
  void host.updateComplete.then(() => {
    if (focused.isConnected && getComputedStyle(focused).visibility !== 'hidden') return;
    // The page may have moved the focus itself.
    const { activeElement, body } = host.ownerDocument;
    if (activeElement && activeElement !== body && !contains(activeElement, host)) return;
    if (root.activeElement && root.activeElement !== focused) return;
    root.querySelector<HTMLElement>('[part~="retry-button"], .primary')?.focus();
  });
}

/** Is an element another one, or the host of a shadow tree around it? */
function contains(outer: Element, inner: Element): boolean {
  for (let each: Element | null = inner; each;) {
    if (each === outer) return true;
    const root = each.getRootNode();
    each = root instanceof ShadowRoot ? root.host : null;
  }
  return false;
}
