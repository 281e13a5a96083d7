import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with a bearer token on each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { token }) => {
    xhr.open('GET', url);
    xhr.setRequestHeader('Authorization', `Bearer ${token}`);
  });
}
