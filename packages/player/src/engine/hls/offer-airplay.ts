import type { EngineHost } from '../engine.js';

/**
 * Keeps AirPlay possible where hls.js plays by ManagedMediaSource: that one opens only where remote playback is off, as
 * hls.js sets it, or where there is a second source that another screen can play by itself.
 *
 * Only for streams whose address needs no token: the second source stands in the document, where none may be.
 *
 * Called right after hls.js was attached: its own source must be the first, and the browser chooses a moment later.
 *
 * @param wasRefused - did the page itself set `disableRemotePlayback` before?
 * @see https://webkit.org/blog/15036/how-to-use-media-source-extensions-with-airplay/
 */
export function offerAirPlay({ output, source, tokens, signal }: EngineHost, wasRefused: boolean): void {
  const media = output.video;
  const url = source.entries.find((entry) => entry.url !== null)?.url;
  // A source child is the sign that hls.js has taken ManagedMediaSource.
  if (wasRefused || !url || tokens || !media.querySelector('source')) return;
  const alternative = document.createElement('source');
  alternative.type = 'application/x-mpegURL';
  alternative.src = url;
  media.append(alternative);
  media.disableRemotePlayback = false;
  signal.addEventListener(
    'abort',
    () => {
      alternative.remove();
    },
    { once: true },
  );
}
