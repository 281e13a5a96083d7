import type { EngineHost } from '../engine.js';

/**
 * Keeps AirPlay available while hls.js plays with ManagedMediaSource. That media source opens only if remote playback is
 * disabled, as hls.js does, or if a second `<source>` exists that an AirPlay receiver can play.
 *
 * For open streams only: nobody would renew the token in the address of the second `<source>`, which scripts can read.
 *
 * Call it right after hls.js is attached: the first `<source>` must be that of hls.js, and the browser selects one soon.
 *
 * @param wasRefused - whether the page had set `disableRemotePlayback` itself.
 * @see https://webkit.org/blog/15036/how-to-use-media-source-extensions-with-airplay/
 */
export function offerAirPlay({ output, source, tokens, signal }: EngineHost, wasRefused: boolean): void {
  const media = output.video;
  const url = source.entries.find((entry) => entry.url !== null)?.url;
  // hls.js adds a `<source>` child only with ManagedMediaSource.
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
