import type { PlaylistFacts } from './playlist-facts.js';

/** The address for the media element and how long it is valid. `src` may contain a token: never show or log it. */
export interface NativeSource {
  readonly src: string;
  /** `include` when cookies authorize the requests. */
  readonly credentials?: RequestCredentials | undefined;
  /** Server time at which to swap it; `null` when it is valid for the whole session. */
  readonly swapAtMs: number | null;
  /** End of its token by the server's clock; `null` without a token, or when the end is unknown. */
  readonly expiresAtMs: number | null;
}

/** A way to authorize a native player, whose single requests cannot be signed. */
export interface NativeAddress {
  /** @throws GatecastError why there is none. */
  resolve(signal: AbortSignal): Promise<NativeSource>;
  /**
   * Reads the playlist by `fetch`, with another token or session if the current one is refused.
   *
   * @throws GatecastError the reason of a failure, which the media element does not report.
   */
  inspect(signal: AbortSignal): Promise<PlaylistFacts>;
  /** Keeps the session alive until the signal aborts; only for an address that uses one. */
  keepAlive?(signal: AbortSignal): void;
  /** Is what it needs gone, such as a service worker, so that another way must be found? */
  isGone?(): boolean;
  /** Asked when playback has failed although the page can read the playlist: must another way be found? */
  isUseless?(): boolean;
}
