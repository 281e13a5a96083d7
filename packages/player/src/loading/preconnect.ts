import type { Placement } from '@gatecast/token';
import { connect } from '../start/connect.js';
import { mediaCredentials } from './media-credentials.js';

/**
 * Opens connections to other origins while the first request still waits for its token. The `<link>` elements are removed
 * when the signal aborts.
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
    const link = connect(origin, withCredentials);
    signal.addEventListener(
      'abort',
      () => {
        link?.remove();
      },
      { once: true },
    );
  }
}
