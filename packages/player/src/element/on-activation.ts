declare global {
  interface Document {
    /** Chromium only: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean;
  }
}

/**
 * Runs a function when the viewer comes to a prerendered page.
 *
 * @returns what ends the wait, or null if the page is not prerendered, so that nothing will run.
 */
export function onActivation(run: () => void): AbortController | null {
  if (!document.prerendering) return null;
  const wait = new AbortController();
  document.addEventListener('prerenderingchange', run, { once: true, signal: wait.signal });
  return wait;
}
