import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep } from '../support/whep-world.js';

describe('start of a WHEP engine', () => {
  it('loads what it does not need yet when the first picture is there', async () => {
    const world = setUpWhep();
    world.video.readyState = 1;
    void world.engine.load();
    await world.fake.advance(500);
    assert.deepEqual([world.engine.isStill, world.engine.livePosition, world.loads.upkeep], [false, 12, 0]);
    world.video.readyState = 2;
    world.video.dispatchEvent(new Event('loadeddata'));
    await world.fake.advance(0);
    assert.equal(world.loads.upkeep, 1);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('loads that after a second without a picture, too', async () => {
    const world = setUpWhep();
    world.video.readyState = 1;
    void world.engine.load();
    await world.fake.advance(500);
    assert.equal(world.loads.upkeep, 0);
    await world.fake.advance(1000);
    assert.equal(world.loads.upkeep, 1);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('does not load it for a session that ends before', async () => {
    const world = setUpWhep();
    world.video.readyState = 1;
    void world.engine.load();
    await world.fake.advance(500);
    world.engine.stopLoading();
    await world.fake.advance(2000);
    assert.deepEqual([world.loads.upkeep, FakePeer.open.length], [0, 0]);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('does not look for a decoded frame while its media element plays', async () => {
    const world = setUpWhep();
    FakePeer.decodes = false;
    const ready = world.engine.prepare();
    void world.engine.load();
    await world.fake.advance(500);
    let hasResolved = false;
    void ready.then(() => (hasResolved = true));
    await world.fake.advance(0);
    assert.equal(hasResolved, true);
    await world.destroy();
  });
});
