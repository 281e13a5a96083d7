import { Problem } from '../http/problem.js';

const PLAYLIST_FILE = /\.m3u8$/i;

/**
 * The stream that a playlist URL names by itself: its file name without `.m3u8`.
 *
 * @throws Problem `request-invalid` if the file name is not valid percent-encoding.
 */
export function streamOfFile(url: URL): string {
  const name = decodeSegment(url.pathname.split('/').at(-1) ?? '');
  if (name !== null) return name.replace(PLAYLIST_FILE, '');
  throw new Problem('request-invalid', 'The path in "url" is not valid percent-encoding.');
}

/** Does the path name the stream: in the file name without `.m3u8`, or in a folder? */
export function namesStream(url: URL, stream: string): boolean {
  const names = url.pathname.split('/').slice(1).map(decodeSegment);
  // What follows a file name is not a path for some servers: /premium.m3u8/free.m3u8 is /premium.m3u8 there.
  const file = names.findIndex((name) => name === null || /\.m3u8/i.test(name));
  const counting = file < 0 ? names : names.slice(0, file + 1);
  return counting.some((name) => name === stream || name?.replace(PLAYLIST_FILE, '') === stream);
}

/** `null` for a segment that is not valid percent-encoding. */
function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
