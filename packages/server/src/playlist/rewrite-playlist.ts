import { Problem } from '../http/problem.js';

/** Returns the new URL for each kind of URL in a playlist. */
export interface PlaylistRewriter {
  /** A segment, part, key or other file. */
  media(url: URL): string;
  /** An initialisation segment. The URL should be the same at each reload, so that players do not fetch it again. */
  init(url: URL): string;
  /** Another playlist. */
  playlist(url: URL): string;
}

/** Tags whose `URI` is another playlist (RFC 8216bis sections 4.4.5 and 4.4.6). */
const PLAYLIST_TAGS = new Set([
  'EXT-X-MEDIA',
  'EXT-X-I-FRAME-STREAM-INF',
  'EXT-X-IMAGE-STREAM-INF',
  'EXT-X-RENDITION-REPORT',
]);
/** Tags whose `URI` is a media file or key. */
const MEDIA_TAGS = new Set([
  'EXT-X-KEY',
  'EXT-X-SESSION-KEY',
  'EXT-X-PART',
  'EXT-X-PRELOAD-HINT',
  'EXT-X-SESSION-DATA',
]);

const TAG_NAME = /^#(EXT[A-Z0-9-]*)(?::|$)/;
/** The attribute `URI`, but not attributes that end in it, such as `SERVER-URI` or `X-ASSET-URI`. */
const URI_ATTRIBUTE = /([:,]\s*URI=")([^"]*)(")/;
const VARIABLE = /\{\$([\w-]+)\}/g;

/**
 * Makes every URL of a playlist absolute and replaces it with the result of `rewriter`.
 *
 * Variables (`EXT-X-DEFINE`) in URLs are replaced with their values. URLs with schemes other than http(s), such as those of
 * key systems, stay unchanged.
 *
 * @param base - URL of the playlist.
 * @throws Problem `playlist-unsupported` if a URL has a variable that this playlist does not define.
 */
export function rewritePlaylist(text: string, base: URL, rewriter: PlaylistRewriter): string {
  const variables = new Map<string, string>();
  let isVariantNext = false;

  function rewrite(uri: string, kind: keyof PlaylistRewriter): string {
    const resolved = substitute(uri.trim(), variables);
    if (!URL.canParse(resolved, base)) return uri;
    const url = new URL(resolved, base);
    return /^https?:$/.test(url.protocol) ? rewriter[kind](url) : uri;
  }

  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => {
      if (line.trim() === '') return line;
      if (!line.startsWith('#')) {
        const kind = isVariantNext ? 'playlist' : 'media';
        isVariantNext = false;
        return rewrite(line, kind);
      }
      const tag = TAG_NAME.exec(line)?.[1];
      if (tag === undefined) return line;
      if (tag === 'EXT-X-DEFINE') define(line, base, variables);
      if (tag === 'EXT-X-STREAM-INF') isVariantNext = true;
      const kind = kindOfTag(tag);
      if (!kind) return line;
      return line.replace(
        URI_ATTRIBUTE,
        (_, before: string, uri: string, after: string) => before + rewrite(uri, kind) + after,
      );
    });
  return lines.join('\n');
}

function kindOfTag(tag: string): keyof PlaylistRewriter | null {
  if (tag === 'EXT-X-MAP') return 'init';
  if (PLAYLIST_TAGS.has(tag)) return 'playlist';
  return MEDIA_TAGS.has(tag) ? 'media' : null;
}

/** @see RFC 8216bis section 4.4.2.3 */
function define(line: string, base: URL, variables: Map<string, string>): void {
  const attribute = (name: string) => new RegExp(`[:,]\\s*${name}="([^"]*)"`).exec(line)?.[1];
  const name = attribute('NAME');
  const parameter = attribute('QUERYPARAM');
  if (name !== undefined) variables.set(name, attribute('VALUE') ?? '');
  if (parameter !== undefined) variables.set(parameter, base.searchParams.get(parameter) ?? '');
}

function substitute(uri: string, variables: ReadonlyMap<string, string>): string {
  return uri.replace(VARIABLE, (_, name: string) => {
    const value = variables.get(name);
    if (value !== undefined) return value;
    throw new Problem(
      'playlist-unsupported',
      'A URL of the playlist has a variable that the playlist does not define.',
    );
  });
}
