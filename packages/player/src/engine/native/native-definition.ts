import type { EngineDefinition } from '../engine.js';
import type { NativeOptions } from './native-options.js';

/** The browser's own HLS player. Where there is neither it nor hls.js, it reports so. */
export const nativeDefinition: EngineDefinition<NativeOptions> = {
  isAutomatic: () => true,
  loadProperties: ['playlistSigner'],
  start: (host) => ({
    load: async () => {
      const { NativeEngine } = await import('./native-engine.js');
      return () => new NativeEngine(host);
    },
  }),
};
