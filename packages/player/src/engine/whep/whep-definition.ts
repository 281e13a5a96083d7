import { lazyPart } from '@gatecast/token';
import type { EngineDefinition } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { WhepOptions } from './whep-options.js';

const enginePart = lazyPart('whepEngine', async () => (await import('./whep-engine.js')).whepEngine);

/** WebRTC, below half a second behind the camera. */
export const whepDefinition: EngineDefinition<WhepOptions> = {
  isAutomatic: ({ hasWebRtc }) => hasWebRtc,
  yields: true,
  loadProperties: [],
  canPlay: ({ whepUrl }) => whepUrl !== null,
  entryFor: (whep) => ({ whep }),
  entryMembers: '"whep"',
  start: (host) => {
    const engine = async () => (await enginePart(partRequest(host)))(host);
    return {
      load: async () => {
        const created = await engine();
        return () => created;
      },
      prepare: async () => (await engine()).prepare(),
    };
  },
};
