// For pages with a sender of their own, such as that of Google Cast: an address for the receiver.
import { streamNameOf } from '@gatecast/contract';
import { GatecastError } from '@gatecast/token';
import { openReceiverAddress, receiverSecret, receiverUrl, secretIn } from './loading/receiver-address.js';
import { parseAddress } from './source/parse-address.js';

/** The members of `<secure-player>` that are used. */
export interface ReceiverPlayer {
  readonly src: string;
  readonly stream: string;
  /** Address of the playlist signer. Its option `receivers` must be set. */
  readonly playlistSigner: string;
  /** Empty before playback has been started. */
  readonly tokenStates?: readonly unknown[];
  refreshToken(stream?: string): Promise<unknown>;
}

export interface ReceiverOptions {
  /** Ends the address: abort it when the viewer stops casting. */
  readonly signal: AbortSignal;
  /** Playlist for the receiver, absolute or relative to the page. @defaultValue `src` of the player */
  readonly url?: string;
  /** Name that its token is asked for. @defaultValue `stream` of the player, or the name from `url` */
  readonly stream?: string;
  /**
   * Address that an earlier page has opened for the same stream and viewer, such as that of a Cast session that the page has joined
   * again after a reload: it is renewed from now on, so that the receiver plays on. It ends at its longest time all the same.
   *
   * @defaultValue a new address
   */
  readonly continue?: string;
}

/** An open address. */
export interface Receiver {
  /** For the receiver only: everybody who has it can play this stream until it ends. */
  readonly url: string;
  /** Resolves when the address is not renewed any longer: with the reason, or `null` after the signal. Never rejects. */
  readonly ended: Promise<Error | null>;
}

/**
 * Opens an address at the playlist signer that an AirPlay or Cast receiver can play without a cookie and without a token: this stream
 * only, and only while this page renews it, until the signal aborts.
 *
 * @example
 * ```ts
 * const casting = new AbortController();
 * const { url } = await openReceiver(player, { signal: casting.signal });
 * await session.loadMedia(new chrome.cast.media.LoadRequest(new chrome.cast.media.MediaInfo(url, 'application/x-mpegURL')));
 * ```
 * @throws GatecastError `playlist-signer-failed` why there is none; `source-invalid` for an address that is not a URL; that of the
 *   token request.
 * @throws TypeError if the player has no `playlist-signer`, no `src` and no `url` is given, or `continue` is the address of another
 *   stream or signer.
 */
export async function openReceiver(player: ReceiverPlayer, options: ReceiverOptions): Promise<Receiver> {
  const { signal } = options;
  const given = options.url ?? player.src;
  if (player.playlistSigner === '') throw new TypeError('openReceiver: set playlist-signer on the player.');
  if (given === '') throw new TypeError('openReceiver: the player has no src. Pass the playlist as url.');
  const signer = parseAddress('playlist-signer', player.playlistSigner, document.baseURI).href;
  const { href: url } = parseAddress('url', given, document.baseURI);
  const stream = options.stream ?? (player.stream || streamNameOf(url));
  const secret = options.continue === undefined ? receiverSecret() : secretIn(options.continue);
  if (options.continue !== undefined && options.continue !== receiverUrl(signer, url, stream, secret ?? ''))
    throw new TypeError('openReceiver: continue is not the address of a receiver of this stream and signer.');
  const refresh = async (): Promise<unknown> => {
    if (player.tokenStates?.length !== 0) return player.refreshToken(stream);
    throw new GatecastError('playlist-signer-failed', 'The player has not requested a token yet.', {
      hint: 'Call play() of the player before openReceiver().',
    });
  };
  const address = openReceiverAddress({ signer, url, stream, refresh, signal }, secret ?? '');
  await address.opened;
  return { url: address.url, ended: address.ended };
}
