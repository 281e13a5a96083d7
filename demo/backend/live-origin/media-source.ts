export type MediaKind = 'playlist' | 'init' | 'segment' | 'key';

/** One thing that a media origin answers with. */
export interface MediaResource {
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** What a request under `/live/` asks for. */
export interface MediaAddress {
  /** The stream whose token is needed: everything below one stream's playlist belongs to it. */
  readonly stream: string;
  /** Path below the stream, for example `high/12.m4s`. Empty: the stream's own playlist. */
  readonly resource: string;
  readonly kind: MediaKind;
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

/**
 * Reads a path below `/live/`: `demo.m3u8` is the playlist of `demo`, and all of `demo/…` belongs to it. So a token
 * for `demo` covers what its playlists name, and never a stream of another name. A part's name has two dots.
 */
export function readMediaAddress(path: string): MediaAddress | undefined {
  const match = /^(?:([\w-]+)\.m3u8|([\w-]+)\/([\w-]+(?:\/[\w-]+)*(?:\.\w+)+))$/.exec(path);
  if (!match) return undefined;
  const [, own, parent, resource = ''] = match;
  return { stream: own ?? parent ?? '', resource, kind: own ? 'playlist' : kindOf(resource) };
}

function kindOf(resource: string): MediaKind {
  if (resource.endsWith('.m3u8')) return 'playlist';
  if (resource.endsWith('.key')) return 'key';
  return /(^|\/)init[\w-]*\.mp4$/.test(resource) ? 'init' : 'segment';
}
