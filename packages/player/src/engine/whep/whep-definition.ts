import { lazyPart } from '@gatecast/token';
import type { EngineDefinition } from '../engine.js';
import { partRequest } from '../engine-part.js';
import type { WhepEngine } from './whep-engine.js';
import type { WhepOptions } from './whep-options.js';

const enginePart = lazyPart('WhepEngine', async () => (await import('./whep-engine.js')).WhepEngine);

/** WebRTC, below half a second behind the camera. */
export const whepDefinition: EngineDefinition<WhepOptions> = {
  isAutomatic: ({ hasWebRtc }) => hasWebRtc,
  yields: true,
  loadProperties: [],
  canPlay: ({ whepUrl }) => whepUrl !== null,
  entryFor: (whep) => ({ whep }),
  entryMembers: '"whep"',
  start: (host) => {
    let engine: Promise<WhepEngine> | null = null;
    const create = () => (engine ??= enginePart(partRequest(host)).then((Engine) => new Engine(host)));
    return {
      load: async () => {
        const created = await create();
        return () => created;
      },
      prepare: async () => (await create()).prepare(),
      // Why there is none, the caller of one of these knows.
      end: () =>
        void engine?.then(
          (created) => created.destroy(),
          () => undefined,
        ),
    };
  },
};
