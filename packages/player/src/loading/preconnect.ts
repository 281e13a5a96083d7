import type { Placement } from '@gatecast/token';
import { mediaCredentials } from './media-credentials.js';

/**
 * Opens connections to other origins while the first request still waits for its token. The `<link>` elements are removed
 * when the signal aborts.
 *
 * `crossorigin` must be that of the later requests, or the browser opens a second connection for them.
 */
export function preconnect(
  origins: Iterable<string>,
  placement: Placement,
  media: HTMLMediaElement,
  signal: AbortSignal,
): void {
  const withCredentials =
    placement.kind === 'cookie' || 'credentials' in placement || mediaCredentials(media) !== undefined;
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
