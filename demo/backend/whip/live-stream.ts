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

/**
 * A stream that is being received, or has just ended, as HLS.
 *
 * Its media playlist belongs at `/live/<name>.m3u8` and names its files relative to that
 * address as `<name>/<file>`; the origin checks the token and passes `<file>` to `file`.
 */
export interface LiveStream {
  readonly name: string;
  /** False once the playlist carries `EXT-X-ENDLIST`. */
  readonly isLive: boolean;
  /** Resolves when the asked-for part is there, the stream ends, or the longest wait is over. */
  playlist(request?: PlaylistRequest): Promise<PlaylistReply>;
  /**
   * Resolves with a file of the playlist, waiting for one that is only hinted at so far;
   * `undefined` when there is no such file (any more).
   */
  file(name: string, signal?: AbortSignal): Promise<LiveFile | undefined>;
}

/** Looks up what is on air. `undefined`: never there, or gone for good. */
export interface LiveStreamSource {
  liveStream(name: string): LiveStream | undefined;
}
