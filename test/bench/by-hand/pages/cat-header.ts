import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with a Common Access Token in a header of each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { headers }) => {
    xhr.open('GET', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  });
}
