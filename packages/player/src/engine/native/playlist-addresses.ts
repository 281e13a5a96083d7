import { resolveUri } from '@gatecast/contract';

/** The addresses that a playlist names. */
export interface PlaylistAddresses {
  readonly isMultivariant: boolean;
  /** Of other playlists. */
  readonly playlists: readonly string[];
  /** Of segments, init segments and keys. */
  readonly media: readonly string[];
}

const URI = /URI="([^"]*)"/;
/** Tags whose address is that of a playlist. */
const PLAYLIST_TAG = /^#EXT-X-(?:MEDIA|I-FRAME-STREAM-INF|RENDITION-REPORT):/;

/** Reads all addresses of a playlist. Those with variables that have no value are left out. */
export function playlistAddresses(text: string, baseUrl: string): PlaylistAddresses {
  const isMultivariant = /^#EXT-X-STREAM-INF:/m.test(text);
  const [playlists, media]: [string[], string[]] = [[], []];
  for (const line of text.split(/\r?\n/)) {
    const isTag = line.startsWith('#');
    const uri = isTag ? (line.startsWith('#EXT-X-') ? URI.exec(line)?.[1] : undefined) : line;
    const url = uri === undefined || uri === '' || uri.includes('{$') ? null : resolveUri(uri, baseUrl);
    if (url === null) continue;
    const isPlaylist = isTag ? PLAYLIST_TAG.test(line) : isMultivariant;
    (isPlaylist ? playlists : media).push(url);
  }
  return { isMultivariant, playlists, media };
}
