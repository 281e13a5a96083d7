import type { PlaylistFacts } from './playlist-facts.js';

/** What the media element is pointed at, and until when. For the network only: `src` may hold a token. */
export interface NativeSource {
  readonly src: string;
  /** Server time at which it is to be exchanged; `null` when it is good for the whole session. */
  readonly swapAtMs: number | null;
  /** End of the token in it by the server's clock; `null` when there is none or nobody knows. */
  readonly expiresAtMs: number | null;
}

/** One way of showing a right to the origin without touching single requests. */
export interface NativeAddress {
  /** @throws GatecastError why there is none. */
  resolve(signal: AbortSignal): Promise<NativeSource>;
  /**
   * Reads the playlist by `fetch`, with a renewed right if the one in hand is refused.
   *
   * @throws GatecastError what the media element would not tell.
   */
  inspect(signal: AbortSignal): Promise<PlaylistFacts>;
  /** Keeps the right from ending, until the signal aborts; only where that is not the token's own business. */
  keepAlive?(signal: AbortSignal): void;
}
