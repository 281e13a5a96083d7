import { Problem } from '../http/problem.js';
import { readAttributes } from './attribute-list.js';
import { playlistTooLarge, type PlaylistLimits } from './playlist-limits.js';
import { PlaylistVariables } from './playlist-variables.js';

/**
 * What a URL of a playlist leads to: a segment, part, key or other file (`media`), an initialisation segment (`init`) or
 * another playlist.
 */
export type PlaylistLinkKind = 'media' | 'init' | 'playlist';

/** A URL in a line, absolute and with variables replaced. `start` and `end` are its position in the line. */
export interface PlaylistLink {
  readonly kind: PlaylistLinkKind;
  readonly url: URL;
  readonly start: number;
  readonly end: number;
}

export interface PlaylistLine {
  readonly line: string;
  /** `null` if the line has no URL, or one whose scheme is not http or https, such as those of key systems. */
  readonly link: PlaylistLink | null;
}

const LINE_END = /\r\n|\n|\r/g;
const TAG_NAME = /^#(EXT[A-Z0-9-]*)(?::|$)/;
const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:/i;

/** Tags with a `URI`. A map, because tag names come from the playlist (RFC 8216bis sections 4.4.4 to 4.4.6). */
const URI_TAGS = new Map<string, PlaylistLinkKind>([
  ['EXT-X-MAP', 'init'],
  ['EXT-X-MEDIA', 'playlist'],
  ['EXT-X-I-FRAME-STREAM-INF', 'playlist'],
  ['EXT-X-IMAGE-STREAM-INF', 'playlist'],
  ['EXT-X-RENDITION-REPORT', 'playlist'],
  ['EXT-X-KEY', 'media'],
  ['EXT-X-SESSION-KEY', 'media'],
  ['EXT-X-PART', 'media'],
  ['EXT-X-PRELOAD-HINT', 'media'],
  ['EXT-X-SESSION-DATA', 'media'],
]);

/**
 * The lines of a playlist without their ends. A BOM at the start is left out.
 *
 * @throws Problem `playlist-too-large`
 */
export function* linesOf(text: string, { maxLines }: Pick<PlaylistLimits, 'maxLines'>): Generator<string> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  let count = 0;
  const ends = text.matchAll(LINE_END);
  for (const { 0: end, index } of ends) {
    count += 1;
    if (count > maxLines) throw playlistTooLarge(`has more than ${String(maxLines)} lines`);
    yield text.slice(start, index);
    start = index + end.length;
  }
  yield text.slice(start);
}

/**
 * Reads a playlist line by line, with the URLs in it. Work and memory are linear in the length of the text, and within
 * `limits`.
 *
 * @param base - URL of the playlist.
 * @throws Problem `playlist-too-large`; `playlist-unsupported` if a URL has a variable that the playlist does not define.
 */
export function* readPlaylistLines(
  text: string,
  base: URL,
  limits: PlaylistLimits,
): Generator<PlaylistLine, void> {
  const { maxUrlLength, maxPlaylists, maxOutputLength } = limits;
  const variables = new PlaylistVariables(base, limits);
  let isVariantNext = false;
  let playlists = 0;
  let length = 0;

  /** The signer vouches for the playlists that the upstream names, so that the player must not choose their path. */
  function requireOwnPath(address: string, url: URL): void {
    const plain = variables.withoutQueryVariables(address);
    if (plain === null) return;
    const resolved = variables.substitute(plain);
    const own = URL.canParse(resolved, base) ? new URL(resolved, base) : null;
    if (own?.origin === url.origin && own.pathname === url.pathname) return;
    throw new Problem('playlist-unsupported', 'The path of a playlist URL has a variable from the query.');
  }

  function resolve(uri: string, kind: PlaylistLinkKind): URL | null {
    const address = uri.trim();
    if (OTHER_SCHEME.test(address)) return null;
    if (address.length > maxUrlLength) throw urlTooLong(limits);
    const resolved = variables.substitute(address);
    if (!URL.canParse(resolved, base)) return null;
    const url = new URL(resolved, base);
    if (!/^https?:$/.test(url.protocol)) return null;
    if (url.href.length > maxUrlLength) throw urlTooLong(limits);
    if (kind === 'playlist') requireOwnPath(address, url);
    length += url.href.length;
    if (length > maxOutputLength)
      throw playlistTooLarge(`has URLs of more than ${String(maxOutputLength)} characters`);
    return url;
  }

  function linkIn(line: string): PlaylistLink | null {
    if (!line.startsWith('#')) {
      const kind = isVariantNext ? 'playlist' : 'media';
      isVariantNext = false;
      const url = resolve(line, kind);
      return url && { kind, url, start: 0, end: line.length };
    }
    const tag = TAG_NAME.exec(line)?.[1];
    if (tag === 'EXT-X-DEFINE') variables.define(line);
    if (tag === 'EXT-X-STREAM-INF') isVariantNext = true;
    const kind = tag === undefined ? undefined : URI_TAGS.get(tag);
    if (!kind) return null;
    for (const { name, value, isQuoted, start, end } of readAttributes(line)) {
      if (name !== 'URI' || !isQuoted) continue;
      const url = resolve(value, kind);
      return url && { kind, url, start, end };
    }
    return null;
  }

  for (const line of linesOf(text, limits)) {
    const link = line.trim() === '' ? null : linkIn(line);
    if (link?.kind === 'playlist') playlists += 1;
    if (playlists > maxPlaylists)
      throw playlistTooLarge(`names more than ${String(maxPlaylists)} other playlists`);
    yield { line, link };
  }
}

function urlTooLong({ maxUrlLength }: PlaylistLimits) {
  return playlistTooLarge(`has a URL of more than ${String(maxUrlLength)} characters`);
}
