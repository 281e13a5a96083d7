import { addFields } from '../add-fields.js';
import type { FetchedItem } from '../fetch-item.js';
import { playSigned } from '../play-signed.js';

/** Plays with hls.js, and puts the token into the query of each request. Returns a function that ends it all. */
export function play(
  video: HTMLVideoElement,
  { src, stream }: { readonly src: string; readonly stream: string },
  fetchToken: (stream: string) => Promise<FetchedItem>,
): () => void {
  const page = { src, stream, tokenUrl: '', fetchFresh: () => fetchToken(stream) };
  return playSigned(video, page, (xhr, url, { token }) => xhr.open('GET', addFields(url, { token })));
}
