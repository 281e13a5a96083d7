/** What a player asked for with its playlist request. */
export interface PlaylistRequest {
  /**
   * `_HLS_msn`: answer only once this media sequence number, or a later one, is listed.
   * @see https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis-17#section-6.2.5.2
   */
  readonly mediaSequence?: number;
  /** `_HLS_part`: with `mediaSequence`, the zero-based part to wait for. */
  readonly part?: number;
  /** Ends the wait when the player has gone. */
  readonly signal?: AbortSignal;
}

/** A playlist, or the reason why the request makes no sense. */
export type PlaylistReply =
  | { readonly status: 200; readonly body: string }
  /** `_HLS_part` without `_HLS_msn`, not a number, or one too far ahead. */
  | { readonly status: 400; readonly detail: string }
  /** A publisher has announced itself, but no media came while the request was held. */
  | { readonly status: 404; readonly detail: string };

/** One thing a playlist names. */
export interface LiveFile {
  readonly contentType: 'video/mp4' | 'audio/mp4';
  readonly bytes: Uint8Array<ArrayBuffer>;
}
