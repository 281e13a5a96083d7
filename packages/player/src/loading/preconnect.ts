/**
 * Opens connections to other origins while the first request still waits for its token. The `<link>` elements are removed
 * when the signal aborts.
 *
 * `crossorigin` must be that of the later requests, or the browser opens a second connection for them.
 */
export function preconnect(origins: Iterable<string>, withCredentials: boolean, signal: AbortSignal): void {
  for (const origin of origins) {
    if (origin === location.origin || !origin.startsWith('http')) continue;
    const link = document.createElement('link');
    link.rel = 'preconnect';
    link.href = origin;
    link.crossOrigin = withCredentials ? 'use-credentials' : 'anonymous';
    document.head.append(link);
    signal.addEventListener(
      'abort',
      () => {
        link.remove();
      },
      { once: true },
    );
  }
}
