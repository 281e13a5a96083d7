import type { EngineDefinition } from '../engine.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';

/** The vendor's own player. `auto` never chooses it. */
export const nanoPlayerDefinition: EngineDefinition<NanoPlayerOptions> = {
  loadProperties: ['nanoplayerSrc'],
  canPlay: ({ hasH5live }) => hasH5live,
  entryMembers: '"h5live" or "bintu.streamid"',
  playsRawSource: true,
  start: (host) => ({
    load: async () => {
      const { NanoPlayerEngine } = await import('./nanoplayer-engine.js');
      return () => new NanoPlayerEngine(host);
    },
  }),
};
