import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MEDIA_EVENTS } from '@gatecast/player/internal/media/media-output';
import { playerEvents } from '@gatecast/react/internal/secure-player';
import { webcasterEvents } from '@gatecast/react/internal/secure-webcaster';
import { elementPackages, elementsManifest, elementsOf } from '../../.config/elements/elements-manifest.js';

/** `error` is dispatched by the element itself, not passed on from its video element. */
const wrappers: Readonly<
  Record<string, { events: Readonly<Record<string, string>>; media: readonly string[] }>
> = {
  'secure-player': { events: playerEvents, media: [...MEDIA_EVENTS, 'error'] },
  'secure-webcaster': { events: webcasterEvents, media: [] },
};

/** The events that the source of an element declares with `@fires`. */
async function declaredEvents(tagName: string): Promise<string[]> {
  for (const library of elementPackages()) {
    const element = elementsOf(await elementsManifest(library)).find((each) => each.tagName === tagName);
    if (element) return (element.events ?? []).map(({ name }) => name);
  }
  throw new Error(`No package declares <${tagName}>.`);
}

describe('the React components', () => {
  for (const [tagName, { events, media }] of Object.entries(wrappers)) {
    it(`have a prop for each event of <${tagName}>, and for no other`, async () => {
      const declared = await declaredEvents(tagName);
      assert.ok(declared.includes('secure-error'));
      assert.deepEqual(Object.values(events).sort(), [...declared, ...media].sort());
    });

    it(`name each prop of <${tagName}> after its event`, () => {
      for (const [prop, event] of Object.entries(events))
        assert.equal(prop.toLowerCase(), `on${event.replaceAll('-', '')}`);
    });
  }
});
