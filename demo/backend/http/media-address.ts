export type MediaKind = 'playlist' | 'init' | 'segment' | 'key';

/** What a request under `/live/` asks for. */
export interface MediaAddress {
  /** The stream whose token is needed: everything below one stream's playlist belongs to it. */
  readonly stream: string;
  /** Path below the stream, for example `high/12.m4s`. Empty: the stream's own playlist. */
  readonly resource: string;
  readonly kind: MediaKind;
}

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
