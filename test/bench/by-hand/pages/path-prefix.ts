import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with a token before the path of each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { path }) => xhr.open('GET', putBeforePath(url, path)));
}

/** Puts a token before the path. Addresses in playlists have the token of the playlist’s request there. */
export function putBeforePath(url: string, token: string): string {
  const { origin } = new URL(url);
  return origin + token.replace(/\/$/, '') + url.slice(origin.length).replace(/^\/bcdn_token=[^/]*/, '');
}
