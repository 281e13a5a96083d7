import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refused, WayWorld } from './way-world.js';

describe('HLS of which it is not known whether it has anything', () => {
  it('does not take the place of WHEP, which repairs itself, and is asked again', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.begin();
    await world.playback.report({ type: 'trouble', error: refused });
    await world.time.advance(1000);
    await world.last.ready({ codecs: null });
    await world.time.advance(3500);
    assert.deepEqual(world.changes, ['whep: start']);
    await world.time.advance(1500);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
  });
});
