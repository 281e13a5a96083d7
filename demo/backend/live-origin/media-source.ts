import type { MediaAddress } from '../http/media-address.js';

/** One thing that a media origin answers with. */
export interface MediaResource {
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** Streams that the origin can serve: the looped clip, a camera published by WHIP. */
export interface MediaSource {
  /**
   * The resource, or nothing when this source has none at that address. Called only after the token was found good.
   *
   * @throws Problem when the request makes no sense.
   */
  find(
    address: MediaAddress,
    request: MediaRequest,
  ): MediaResource | undefined | Promise<MediaResource | undefined>;
}

/** What else a media request says. */
export interface MediaRequest {
  /** For delivery directives such as `_HLS_msn`. */
  readonly query: URLSearchParams;
  /** Aborted when the player has gone. */
  readonly signal: AbortSignal;
}

/** What an answer of each container is called. */
export const mediaTypes = {
  playlist: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  transportStream: 'video/mp2t',
  captions: 'text/vtt; charset=utf-8',
  key: 'application/octet-stream',
} as const;
