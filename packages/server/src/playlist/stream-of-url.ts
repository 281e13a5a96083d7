import { Problem } from '../http/problem.js';

const PLAYLIST_FILE = /\.m3u8$/i;

/**
 * The stream that a playlist URL names by itself: its file name without `.m3u8`.
 *
 * @throws Problem `request-invalid` if the bytes of the file name are not UTF-8.
 */
export function streamOfFile(url: URL): string {
  const name = decodeFile(url.pathname.split('/').at(-1) ?? '');
  if (name !== null) return name.replace(PLAYLIST_FILE, '');
  throw new Problem('request-invalid', 'The path in "url" is not UTF-8 in percent-encoding.');
}

/** Does the path name the stream: in the file name without `.m3u8`, or in a folder? */
export function namesStream(url: URL, stream: string): boolean {
  const names = url.pathname
    .split('/')
    .slice(1)
    .map((segment, at, { length }) => (at === length - 1 ? decodeFile(segment) : decodeSegment(segment)));
  // What follows a file name is not a path for some servers: /premium.m3u8/free.m3u8 is /premium.m3u8 there.
  const file = names.findIndex((name) => name === null || /\.m3u8/i.test(name));
  const counting = file < 0 ? names : names.slice(0, file + 1);
  return counting.some((name) => name === stream || name?.replace(PLAYLIST_FILE, '') === stream);
}

/** A "%" without two digits after it is not an escape, and stays. In a folder it is not trusted, because servers differ. */
function decodeFile(segment: string): string | null {
  return decodeSegment(segment.replace(/%(?![\da-f]{2})/gi, '%25'));
}

/** `null` for a segment that is not UTF-8 in percent-encoding. */
function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
