import { addFields } from '../add-fields.js';
import { playReloading } from '../play-reloading.js';
import type { SignedPage } from '../play-signed.js';

/** Plays with a JWT on the request for the first playlist. The origin writes JWTs into all other addresses. */
export function play(video: HTMLVideoElement, page: SignedPage): () => void {
  return playReloading(video, page, ({ token }) => addFields(page.src, { token }), endOf);
}

/** The end of the JWT in an address, in seconds; `Infinity` if there is none. */
export function endOf(address: string): number {
  const [, payload] = /[?&]token=[^.&]*\.([^.&]*)/.exec(address) ?? [];
  if (payload === undefined) return Infinity;
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp: number };
  return exp;
}
