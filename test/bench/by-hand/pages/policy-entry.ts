import type { Endpoint } from '../fetch-item.js';
import { playReloading } from '../play-reloading.js';

/** Plays from a signed address of the first playlist. The origin writes a signed policy into all others. */
export function play(video: HTMLVideoElement, endpoint: Endpoint): () => void {
  return playReloading(video, endpoint, ({ url }) => url, endOf);
}

/** The end of the policy in an address, in seconds; `Infinity` if it has none. */
export function endOf(address: string): number {
  const [, policy] = /[?&]policy=([^&]*)/.exec(address) ?? [];
  if (policy === undefined) return Infinity;
  const text = atob(policy.replaceAll('-', '+').replaceAll('_', '/'));
  return (JSON.parse(text) as { url_expire: number }).url_expire / 1000;
}
