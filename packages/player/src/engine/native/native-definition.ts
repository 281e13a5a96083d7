import { hlsEntries } from '../../source/hls-entries.js';
import type { EngineDefinition } from '../engine.js';
import type { NativeOptions } from './native-options.js';

/** The browser's own HLS player. `auto` chooses it last; if the browser has none, it reports that. */
export const nativeDefinition: EngineDefinition<NativeOptions> = {
  isAutomatic: () => true,
  loadProperties: ['playlistSigner'],
  ...hlsEntries,
  start: (host) => ({
    load: async () => {
      const { NativeEngine } = await import('./native-engine.js');
      return () => new NativeEngine(host);
    },
  }),
};
