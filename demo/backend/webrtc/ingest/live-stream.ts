/** Delivery directives of a playlist request. */
export interface PlaylistRequest {
  /**
   * `_HLS_msn`: wait until this media sequence number, or a later one, is in the playlist.
   * @see https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis-17#section-6.2.5.2
   */
  readonly mediaSequence?: number;
  /** `_HLS_part`: index of the part to wait for, from 0. Needs `mediaSequence`. */
  readonly part?: number;
  /** Ends the wait when the client has closed the connection. */
  readonly signal?: AbortSignal;
}

/** A playlist, or the reason why there is none. */
export type PlaylistReply =
  | { readonly status: 200; readonly body: string }
  /** `_HLS_part` without `_HLS_msn`, an invalid number, or a number too far ahead. */
  | { readonly status: 400; readonly detail: string }
  /** A publisher has a session, but sent no media within the time limit. */
  | { readonly status: 404; readonly detail: string }
  /** The broadcast has a video codec of which no HLS is made. */
  | { readonly status: 409; readonly detail: string };

/** A file that the playlist refers to. */
export interface LiveFile {
  readonly contentType: 'video/mp4' | 'audio/mp4';
  readonly bytes: Uint8Array<ArrayBuffer>;
}
