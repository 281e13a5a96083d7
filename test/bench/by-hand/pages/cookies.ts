import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with cookies that the token endpoint sets for the domain of the CDN. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, { ...page, credentials: 'include' }, (xhr, url) => {
    xhr.open('GET', url);
    xhr.withCredentials = true;
  });
}
