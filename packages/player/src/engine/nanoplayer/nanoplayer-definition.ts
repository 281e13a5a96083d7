import type { EngineDefinition } from '../engine.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';

/** The vendor's own player. `auto` never chooses it. */
export const nanoPlayerDefinition: EngineDefinition<NanoPlayerOptions> = {
  loadProperties: ['nanoplayerSrc'],
  start: (host) => ({
    load: async () => {
      const { NanoPlayerEngine } = await import('./nanoplayer-engine.js');
      return () => new NanoPlayerEngine(host);
    },
  }),
};
