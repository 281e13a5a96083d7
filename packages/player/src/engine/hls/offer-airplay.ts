import { GatecastError, systemClock } from '@gatecast/token';
import { openReceiverAddress, receiverSecret, receiverUrl } from '../../loading/receiver-address.js';
import { parseAddress } from '../../source/parse-address.js';
import type { EngineHost } from '../engine.js';
import type { AirPlayOffer, HlsOptions } from './hls-options.js';
import { isWireless, watchReceiverChoice } from './receiver-choice.js';

/** The receiver's `<source>` has it while a receiver may be chosen. */
const OFFERED = 'data-receiver';

/** The last offer of each element: an attachment ends that of the one before. */
const offers = new WeakMap<HTMLVideoElement, AbortController>();

/**
 * Keeps AirPlay available while hls.js plays with ManagedMediaSource. That media source opens only if remote playback is
 * disabled, as hls.js does, or if a second `<source>` exists that an AirPlay receiver can play.
 *
 * For an open stream that is its own address. For a protected one it is an address of the playlist signer, which is opened when the viewer
 * chooses a receiver: nobody would renew a token in it, and scripts can read it.
 *
 * Call it before hls.js is attached. `disableRemotePlayback` of the element is afterwards as the page has set it.
 *
 * @see https://webkit.org/blog/15036/how-to-use-media-source-extensions-with-airplay/
 */
export function offerAirPlay(host: EngineHost<HlsOptions>): AirPlayOffer {
  const { output, source, tokens, signal, options } = host;
  const media = output.video;
  offers.get(media)?.abort();
  const own = new AbortController();
  offers.set(media, own);
  signal.addEventListener('abort', () => own.abort(), { once: true, signal: own.signal });
  if (signal.aborted) own.abort();
  const remote = keepRemote(media, own.signal);
  const isAway = (): boolean => isWireless(media) && !media.currentSrc.startsWith('blob:');

  function attached(): void {
    remote.noteSet();
    const entry = source.entries.find(({ url }) => url !== null);
    // hls.js adds a `<source>` child only with ManagedMediaSource.
    if (own.signal.aborted || remote.isRefused || !entry?.url || !media.querySelector('source')) return;
    if (options.drm || options.hlsConfig['drmSystems'] || (tokens && options.playlistSigner === '')) return;
    const alternative = document.createElement('source');
    alternative.type = 'application/x-mpegURL';
    if (!tokens) alternative.src = entry.url;
    media.append(alternative);
    remote.set(false);
    own.signal.addEventListener('abort', () => alternative.remove(), { once: true });
    if (tokens)
      offerReceiver(host, own.signal, { url: entry.url, stream: entry.stream, alternative, remote });
    media.addEventListener('webkitcurrentplaybacktargetiswirelesschanged', comeBack, { signal: own.signal });
  }

  /** hls.js has left the element to the other device, and does not begin again by itself. */
  function comeBack(): void {
    if (isWireless(media) || media.currentSrc.startsWith('blob:')) return;
    const error = new GatecastError('playback-stalled', 'The receiver does not play any longer.', {
      hint: 'Playback goes on in the page by itself.',
      retryable: true,
    });
    host.report({ type: 'error', error, isResumable: false });
  }

  return { isAway, attached };
}

interface Remote {
  /** Did the page refuse remote playback? */
  readonly isRefused: boolean;
  set(isDisabled: boolean): void;
  /** hls.js has set it. */
  noteSet(): void;
}

/** Gives the element the page's own `disableRemotePlayback` back, unless the page has changed it in between. */
function keepRemote(media: HTMLVideoElement, signal: AbortSignal): Remote {
  const isRefused = media.disableRemotePlayback;
  let last = isRefused;
  signal.addEventListener(
    'abort',
    () => {
      if (media.disableRemotePlayback === last) media.disableRemotePlayback = isRefused;
    },
    { once: true },
  );
  return {
    isRefused,
    set(isDisabled) {
      media.disableRemotePlayback = last = isDisabled;
    },
    noteSet() {
      last = media.disableRemotePlayback;
    },
  };
}

interface OfferedReceiver {
  readonly url: string;
  readonly stream: string;
  readonly alternative: HTMLSourceElement;
  readonly remote: Remote;
}

/** Gives the source its address at once, and opens that address when the viewer chooses a receiver. */
function offerReceiver(
  host: EngineHost<HlsOptions>,
  signal: AbortSignal,
  { url, stream, alternative, remote }: OfferedReceiver,
): void {
  const { output, tokens, options } = host;
  const media = output.video;
  const signer = parseAddress('playlist-signer', options.playlistSigner, document.baseURI).href;
  let secret = '';
  // An address that has ended opens never again.
  const onEnded = (): void => {
    secret = receiverSecret();
    alternative.src = receiverUrl(signer, url, stream, secret);
  };
  onEnded();
  const refresh = (stop: AbortSignal): Promise<unknown> =>
    tokens?.refresh(stream, { signal: stop }) ?? Promise.resolve();
  const tryAgain = watchReceiverChoice({
    media,
    clock: systemClock,
    signal,
    open: (life) => openReceiverAddress({ signer, url, stream, refresh, signal: life }, secret).ended,
    onEnded,
    onOffer: (isOffered) => {
      // Without an address, the browser's own button would lead nowhere.
      remote.set(!isOffered);
      alternative.toggleAttribute(OFFERED, isOffered);
      // The skin decides again whether it shows its button.
      media.dispatchEvent(new Event('receiverchange'));
    },
    onRefused: (reason) => {
      const code = reason instanceof GatecastError ? reason.code : 'unknown';
      host.report({ type: 'note', name: 'receiver-refused', details: { stream, code } });
    },
  });
  const stopListening = tokens?.onRefreshed((refreshed) => {
    if (refreshed === stream) tryAgain();
  });
  signal.addEventListener('abort', () => stopListening?.(), { once: true });
}
