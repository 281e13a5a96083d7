import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
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

  it('sets its stream again for sound alone, with which Chromium would not begin, and plays on', async () => {
    const world = setUpWhep();
    FakePeer.kinds = ['audio'];
    world.video.readyState = 0;
    void world.engine.load();
    const empty = world.video.srcObject;
    await world.fake.advance(1500);
    assert.notEqual(world.video.srcObject, empty);
    assert.deepEqual(
      world.video.srcObject?.tracks.map(({ kind }) => kind),
      ['audio'],
    );
    assert.equal(world.video.plays, 1);
    // A picture that comes later is added.
    const sound = world.video.srcObject;
    FakePeer.kinds = ['audio', 'video'];
    FakePeer.all[0]?.flow();
    await world.fake.advance(0);
    assert.deepEqual([world.video.srcObject === sound, sound.tracks.length, world.video.plays], [true, 2, 1]);
    await world.destroy();
  });

  it('keeps its stream where a picture comes with the sound', async () => {
    const world = setUpWhep();
    world.video.readyState = 0;
    void world.engine.load();
    const empty = world.video.srcObject;
    await world.fake.advance(1500);
    assert.deepEqual(
      [world.video.srcObject === empty, empty?.tracks.length, world.video.plays],
      [true, 2, 0],
    );
    await world.destroy();
  });

  it('sends one offer when the token comes after a long time, and reports why it does not', async () => {
    const world = setUpWhep();
    const { get } = world.tokens;
    const missing = new GatecastError('token-endpoint-unreachable', 'The token endpoint cannot be reached.', {
      hint: 'Check it.',
      retryable: true,
    });
    const waiting: { come: (token: never) => void; fail: (error: Error) => void }[] = [];
    world.tokens.get = () =>
      new Promise<never>((come, fail) => {
        waiting.push({ come, fail });
      });
    void world.engine.load();
    for (let round = 0; round < 3; round += 1) {
      await world.fake.advance(15_000);
      if (round === 2) break;
      for (const { fail } of waiting.splice(0)) fail(missing);
      await world.fake.advance(0);
      world.engine.recover();
    }
    assert.deepEqual(world.errors(), ['token-endpoint-unreachable', 'token-endpoint-unreachable']);
    assert.deepEqual([world.lines(), waiting.length], [[], 1]);
    world.tokens.get = get;
    for (const { come } of waiting.splice(0)) come(await get('demo'));
    await world.fake.advance(500);
    assert.deepEqual(world.lines(), ['POST /whep/demo']);
    await world.destroy();
  });
});
