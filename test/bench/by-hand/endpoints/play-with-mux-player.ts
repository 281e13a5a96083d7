import '@mux/mux-player';
import type MuxPlayerElement from '@mux/mux-player';
import { addFields } from '../add-fields.js';
import type { FetchedItem } from '../fetch-item.js';
import { keepItem } from '../keep-item.js';
import { onWallClock } from '../on-wall-clock.js';

/**
 * Plays with mux-player, and puts the token into the query of each request by a hook that is in its types, not in its documentation.
 * Returns a function that ends it.
 */
export function play(
  player: MuxPlayerElement,
  { src, stream }: { readonly src: string; readonly stream: string },
  fetchToken: (stream: string) => Promise<FetchedItem>,
): () => void {
  const kept = keepItem(() => fetchToken(stream));
  player._hlsConfig = {
    xhrSetup: async (xhr, url) => {
      if (new URL(url).origin !== new URL(src).origin) return;
      const { token } = await kept.current();
      xhr.open('GET', addFields(url, { token }));
    },
  };
  player.src = src;
  return onWallClock(() => kept.check());
}
