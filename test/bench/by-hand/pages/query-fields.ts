import { addFields } from '../add-fields.js';
import { playSigned, type SignedPage } from '../play-signed.js';

/** Plays with the query fields of the CDN on each request. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playSigned(video, page, (xhr, url, { query }) => xhr.open('GET', addFields(url, query)));
}
