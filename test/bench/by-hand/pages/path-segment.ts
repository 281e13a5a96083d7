import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with a JWT in place of the name of the stream in the path of each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { path }) => xhr.open('GET', putInPath(url, page.stream, path)));
}

/** Replaces the name of the stream. Addresses in playlists have the JWT of the playlist’s request there. */
export function putInPath(url: string, stream: string, token: string): string {
  const { pathname } = new URL(url);
  const segments = pathname.split('/');
  const at = segments.findIndex((segment) => segment === stream || segment.startsWith('eyJ'));
  return url.replace(pathname, segments.with(at, token).join('/'));
}
