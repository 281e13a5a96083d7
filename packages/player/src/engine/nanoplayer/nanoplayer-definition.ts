import { lazyPart } from '@gatecast/token';
import type { EngineDefinition } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { NanoPlayerOptions } from './nanoplayer-options.js';

const enginePart = lazyPart(
  'NanoPlayerEngine',
  async () => (await import('./nanoplayer-engine.js')).NanoPlayerEngine,
);

/** The vendor's own player. `auto` never chooses it. */
export const nanoPlayerDefinition: EngineDefinition<NanoPlayerOptions> = {
  loadProperties: ['nanoplayerSrc'],
  canPlay: ({ hasH5live }) => hasH5live,
  entryMembers: '"h5live" or "bintu.streamid"',
  playsRawSource: true,
  start: (host) => ({
    load: async () => {
      const NanoPlayerEngine = await enginePart(partRequest(host));
      return () => new NanoPlayerEngine(host);
    },
  }),
};
