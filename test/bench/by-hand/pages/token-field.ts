import { addFields } from '../add-fields.js';
import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with a token in the query field `token` of each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { token }) => xhr.open('GET', addFields(url, { token })));
}
