import { lazyPart } from '@gatecast/token';
import { hlsEntries } from '../../source/hls-entries.js';
import type { EngineDefinition } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { NativeOptions } from './native-options.js';

const enginePart = lazyPart('NativeEngine', async () => (await import('./native-engine.js')).NativeEngine);

/** The browser's own HLS player. `auto` chooses it last; if the browser has none, it reports that. */
export const nativeDefinition: EngineDefinition<NativeOptions> = {
  isAutomatic: () => true,
  loadProperties: ['playlistSigner'],
  ...hlsEntries,
  start: (host) => ({
    load: async () => {
      const NativeEngine = await enginePart(partRequest(host));
      return () => new NativeEngine(host);
    },
  }),
};
