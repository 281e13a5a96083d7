import { sleep } from '../http/timeouts.js';
import { defaultPlaylistLimits, playlistTooLarge, type PlaylistLimits } from './playlist-limits.js';
import { readPlaylistLines, type PlaylistLinkKind } from './playlist-lines.js';

/** Returns the new URL for each URL in a playlist. The URL of an init segment should be the same at each reload. */
export type PlaylistRewriter = Readonly<Record<PlaylistLinkKind, (url: URL) => string | Promise<string>>>;

export interface RewriteOptions {
  /** @defaultValue `defaultPlaylistLimits` */
  readonly limits?: PlaylistLimits;
  /** Lets other requests run. @defaultValue waits for a timer */
  readonly pause?: () => Promise<void>;
  /** Milliseconds of any clock. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/** Characters to read and write before other requests run: about 5 ms of work. */
const SLICE_LENGTH = 262_144;

/**
 * Makes every URL of a playlist absolute and replaces it with the result of `rewriter`. Other requests are served while a
 * long playlist is rewritten.
 *
 * Variables (`EXT-X-DEFINE`) in URLs are replaced with their values. URLs with schemes other than http(s), such as those of
 * key systems, stay unchanged.
 *
 * @param base - URL of the playlist.
 * @throws Problem `playlist-too-large`; `playlist-unsupported` if a URL has a variable that the playlist does not define.
 */
export async function rewritePlaylist(
  text: string,
  base: URL,
  rewriter: PlaylistRewriter,
  options: RewriteOptions = {},
): Promise<string> {
  const { limits = defaultPlaylistLimits, pause = () => sleep(0), now = () => performance.now() } = options;
  const { maxOutputLength, maxRewriteMs } = limits;
  const startedAtMs = now();
  const written: string[] = [];
  let length = 0;
  let slice = 0;
  for (const { line, link } of readPlaylistLines(text, base, limits)) {
    const made = link && rewriter[link.kind](link.url);
    const url = made instanceof Promise ? await made : made;
    const out = link && url !== null ? line.slice(0, link.start) + url + line.slice(link.end) : line;
    written.push(out);
    length += out.length + 1;
    if (length > maxOutputLength)
      throw playlistTooLarge(`would have more than ${String(maxOutputLength)} characters with its tokens`);
    slice += line.length + out.length + 1;
    if (slice < SLICE_LENGTH) continue;
    slice = 0;
    await pause();
    if (now() - startedAtMs > maxRewriteMs)
      throw playlistTooLarge(`takes longer than ${String(maxRewriteMs)} ms to rewrite`);
  }
  return written.join('\n');
}
