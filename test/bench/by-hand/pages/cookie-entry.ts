import type { Endpoint } from '../fetch-item.js';
import { playReloading } from '../play-reloading.js';

/** Plays from a signed address of the first playlist. The CDN answers with a cookie, and renews it with each answer. */
export function play(video: HTMLVideoElement, endpoint: Endpoint): () => void {
  const config = {
    xhrSetup: (xhr: XMLHttpRequest): void => {
      xhr.withCredentials = true;
    },
  };
  // A page cannot see the end of the cookie.
  return playReloading(
    video,
    endpoint,
    ({ url }) => url,
    () => Infinity,
    config,
  );
}
