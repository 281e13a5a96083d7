import { Problem } from '../http/problem.js';

const PLAYLIST_FILE = /\.m3u8$/i;

/**
 * The stream that a playlist URL names by itself: its file name without `.m3u8`.
 *
 * @throws Problem `request-invalid` if the file name is not valid percent-encoding.
 */
export function streamOfFile(url: URL): string {
  const name = url.pathname.split('/').at(-1) ?? '';
  return decodeSegment(name).replace(PLAYLIST_FILE, '');
}

/**
 * Does the path name the stream: in the file name without `.m3u8`, or in a folder?
 *
 * @throws Problem `request-invalid` if the path is not valid percent-encoding.
 */
export function namesStream(url: URL, stream: string): boolean {
  const segments = url.pathname.split('/').slice(1);
  // What follows a file name is not a path for some servers: /premium.m3u8/free.m3u8 is /premium.m3u8 there.
  const file = segments.findIndex((segment) => PLAYLIST_FILE.test(segment.split(';', 1)[0] ?? ''));
  const counting = file < 0 ? segments : segments.slice(0, file + 1);
  return counting.some((segment) => {
    const name = decodeSegment(segment);
    return name === stream || name.replace(PLAYLIST_FILE, '') === stream;
  });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem('request-invalid', 'The path in "url" is not valid percent-encoding.');
  }
}
