import type { EngineHost } from '../engine.js';

/**
 * Keeps AirPlay possible where hls.js plays by ManagedMediaSource: that one opens only where remote playback is off, as
 * hls.js sets it, or where there is a second source that another screen can play by itself.
 *
 * Called right after hls.js was attached: its own source must be the first, and the browser chooses a moment later.
 *
 * @param wasRefused - did the page itself set `disableRemotePlayback` before?
 * @see https://webkit.org/blog/15036/how-to-use-media-source-extensions-with-airplay/
 */
export function offerAirPlay(host: EngineHost, wasRefused: boolean): void {
  const { media, source, authorizer, tokens, signal } = host;
  const entry = source.entries.find(({ url }) => url !== null);
  const canAirPlay = 'WebKitPlaybackTargetAvailabilityEvent' in globalThis;
  // A source child is the sign that hls.js has taken ManagedMediaSource.
  if (wasRefused || !canAirPlay || !entry?.url || !media.querySelector('source')) return;
  const { url, stream } = entry;
  const alternative = document.createElement('source');
  alternative.type = 'application/x-mpegURL';
  // The other screen asks for itself: only a token on the address reaches it, and it has to be the newest.
  const refresh = (): void => {
    alternative.src = authorizer.authorizeNow(url, stream)?.url ?? url;
  };
  refresh();
  media.append(alternative);
  media.disableRemotePlayback = false;
  const stopListening = tokens?.onRefreshed((refreshed) => {
    if (refreshed === stream) refresh();
  });
  signal.addEventListener(
    'abort',
    () => {
      stopListening?.();
      alternative.remove();
    },
    { once: true },
  );
}
