import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep } from '../support/whep-world.js';

async function load(media: { autoplay?: boolean; readyState?: number }) {
  const world = setUpWhep();
  Object.assign(world.video, { paused: true, played: { length: 0 }, ...media });
  void world.engine.load();
  await world.fake.advance(200);
  return world;
}

describe('WHEP player that nobody has started', () => {
  it('ends its session after five seconds, and begins another with play()', async () => {
    const world = await load({});
    await world.fake.advance(4000);
    assert.equal(FakePeer.open.length, 1);
    await world.fake.advance(1500);
    assert.deepEqual([FakePeer.open.length, world.lines().at(-1)], [0, 'DELETE /session/1']);
    await world.fake.wake('online');
    world.engine.recover();
    await world.fake.advance(60_000);
    assert.deepEqual([FakePeer.all.length, world.errors()], [1, []]);
    world.video.paused = false;
    world.video.dispatchEvent(new Event('play'));
    await world.fake.advance(10_000);
    assert.equal(FakePeer.open.length, 1);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('goes on while it waits for enough media to begin by itself', async () => {
    const world = await load({ autoplay: true, readyState: 1 });
    await world.fake.advance(20_000);
    assert.equal(FakePeer.open.length, 1);
    // The browser does not let it begin.
    world.video.readyState = 4;
    await world.fake.advance(5000);
    assert.equal(FakePeer.open.length, 0);
    await world.destroy();
  });

  it('begins again where the page comes back before its first picture', async () => {
    const world = setUpWhep();
    Object.assign(world.video, { paused: true, autoplay: true, readyState: 0, played: { length: 0 } });
    FakePeer.flows = false;
    void world.engine.load();
    await world.fake.advance(300);
    world.page.dispatchEvent(new Event('pagehide'));
    await world.fake.advance(1000);
    assert.equal(FakePeer.open.length, 0);
    FakePeer.flows = true;
    world.engine.recover();
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.open.length, world.engine.livePosition, world.errors()], [1, 12, []]);
    await world.destroy();
  });

  it('goes on after a pause of the viewer, which has a limit of its own', async () => {
    const world = await load({});
    world.video.played.length = 1;
    await world.fake.advance(20_000);
    assert.equal(FakePeer.open.length, 1);
    await world.destroy();
  });
});
