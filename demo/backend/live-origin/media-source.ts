import type { MediaAddress } from '../http/media-address.js';

/** A playlist or MPD, segment, key, caption file or picture. */
export interface MediaResource {
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A source of streams for the media origin: the looped clip, or the WHIP ingest. */
export interface MediaSource {
  /**
   * Returns the resource at an address, or `undefined` if this source does not have it. Called after the token check.
   *
   * @throws Problem if the request is invalid.
   */
  find(
    address: MediaAddress,
    request: MediaRequest,
  ): MediaResource | undefined | Promise<MediaResource | undefined>;
}

/** Parts of a media request besides its path. */
export interface MediaRequest {
  /** Contains delivery directives such as `_HLS_msn`. */
  readonly query: URLSearchParams;
  /** Aborted when the client closes the connection. */
  readonly signal: AbortSignal;
}

/** `Content-Type` of each kind of resource. */
export const mediaTypes = {
  playlist: 'application/vnd.apple.mpegurl',
  dashManifest: 'application/dash+xml',
  mp4: 'video/mp4',
  transportStream: 'video/mp2t',
  captions: 'text/vtt; charset=utf-8',
  picture: 'image/svg+xml',
  key: 'application/octet-stream',
} as const;
