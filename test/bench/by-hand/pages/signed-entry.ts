import type { Endpoint } from '../fetch-item.js';
import { playReloading } from '../play-reloading.js';

/** Plays from a signed address of the first playlist. The origin writes `Expires=` or `exp=` into all others. */
export function play(video: HTMLVideoElement, endpoint: Endpoint): () => void {
  return playReloading(video, endpoint, ({ url }) => url, endOf);
}

/** The end in an address, in seconds; `Infinity` if it has none. */
export function endOf(address: string): number {
  return Number(/\b(?:Expires|exp)=(\d+)/.exec(address)?.[1] ?? Infinity);
}
