import { openReceiverAddress, receiverSecret, receiverUrl } from '../../loading/receiver-address.js';
import { parseAddress } from '../../source/parse-address.js';
import type { EngineHost } from '../engine.js';
import type { HlsOptions } from './hls-options.js';

/** WebKit's event; `availability` is `available` or `not-available`. */
type AvailabilityEvent = Event & { readonly availability?: string };

/** The receiver's `<source>` has it while the address in it can be played. */
const OPEN = 'data-open';

/**
 * Keeps AirPlay available while hls.js plays with ManagedMediaSource. That media source opens only if remote playback is
 * disabled, as hls.js does, or if a second `<source>` exists that an AirPlay receiver can play.
 *
 * For an open stream that is its own address. For a protected one it is an address of the playlist signer, which is open only while
 * a receiver is in reach: nobody would renew a token in it, and scripts can read it.
 *
 * Call it right after hls.js is attached: the first `<source>` must be that of hls.js, and the browser selects one soon.
 *
 * @param wasRefused - whether the page had set `disableRemotePlayback` itself.
 * @see https://webkit.org/blog/15036/how-to-use-media-source-extensions-with-airplay/
 */
export function offerAirPlay(host: EngineHost<HlsOptions>, wasRefused: boolean): void {
  const { output, source, tokens, signal, options } = host;
  const media = output.video;
  const entry = source.entries.find(({ url }) => url !== null);
  // hls.js adds a `<source>` child only with ManagedMediaSource.
  if (wasRefused || !entry?.url || !media.querySelector('source')) return;
  if (options.drm || options.hlsConfig['drmSystems'] || (tokens && options.playlistSigner === '')) return;
  const alternative = document.createElement('source');
  alternative.type = 'application/x-mpegURL';
  if (tokens) offerReceiver(host, { url: entry.url, stream: entry.stream }, alternative);
  else alternative.src = entry.url;
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

/** Gives the source its address at once, and opens that address while a receiver is in reach. */
function offerReceiver(
  host: EngineHost<HlsOptions>,
  { url, stream }: { readonly url: string; readonly stream: string },
  alternative: HTMLSourceElement,
): void {
  const { output, tokens, signal, options } = host;
  const media = output.video;
  const signer = parseAddress('playlist-signer', options.playlistSigner, document.baseURI).href;
  const secret = receiverSecret();
  alternative.src = receiverUrl(signer, url, stream, secret);
  let offer: AbortController | null = null;

  const show = (isOpen: boolean): void => {
    alternative.toggleAttribute(OPEN, isOpen);
    // The skin decides again whether it shows its button.
    media.dispatchEvent(new Event('receiverchange'));
  };

  async function keepOpen(life: AbortSignal): Promise<void> {
    const refresh = (stop: AbortSignal): Promise<unknown> =>
      tokens?.refresh(stream, { signal: stop }) ?? Promise.resolve();
    const address = openReceiverAddress({ signer, url, stream, refresh, signal: life }, secret);
    await address.opened.then(
      () => show(true),
      () => undefined,
    );
    const error = await address.ended.catch((reason: unknown) => reason);
    show(false);
    if (life.aborted) return;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    host.report({ type: 'note', name: 'receiver-refused', details: { stream, code } });
    // Without an address, the browser's own button would lead nowhere.
    media.disableRemotePlayback = true;
  }

  const stop = (): void => {
    offer?.abort();
    offer = null;
  };
  media.addEventListener(
    'webkitplaybacktargetavailabilitychanged',
    (event: AvailabilityEvent) => {
      if (event.availability !== 'available') stop();
      else if (offer === null) {
        offer = new AbortController();
        void keepOpen(offer.signal);
      }
    },
    { signal },
  );
  signal.addEventListener('abort', stop, { once: true });
}
