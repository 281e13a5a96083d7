import { lazyPart } from '@gatecast/token';
import type { EngineDefinition } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { WhepOptions } from './whep-options.js';

const enginePart = lazyPart('WhepEngine', async () => (await import('./whep-engine.js')).WhepEngine);

/** WebRTC, below half a second behind the camera. */
export const whepDefinition: EngineDefinition<WhepOptions> = {
  loadProperties: [],
  canPlay: ({ whepUrl }) => whepUrl !== null,
  entryFor: (whep) => ({ whep }),
  entryMembers: '"whep"',
  start: (host) => ({
    load: async () => {
      const WhepEngine = await enginePart(partRequest(host));
      return () => new WhepEngine(host);
    },
  }),
};
