import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { FakeLicences } from './support/fake-licences.js';

const unwell = new GatecastError('source-failed', 'The licence server is not well.', {
  hint: 'Wait.',
  retryable: true,
});
const MINUTE = 60_000;

describe('a licence with an end', () => {
  it('is renewed ahead, however late the browser says when it ends', async () => {
    const world = new FakeLicences();
    await world.start('key');
    await world.fake.advance(10 * MINUTE);
    assert.equal(world.requestsS.length, 2);
    const [first = 0] = world.requestsS;
    assert.ok(first >= 240 && first < 260, world.requestsS.join());
    assert.deepEqual([world.openSessions, world.troubles.length, world.failed.length], [1, 0, 0]);
  });

  it('is not renewed at the old time if the key system has moved the end', async () => {
    const world = new FakeLicences();
    const { session } = await world.start('key');
    await world.fake.advance(3 * MINUTE);
    session.expiration += 10 * MINUTE;
    await world.fake.advance(5 * MINUTE);
    assert.deepEqual(world.requestsS, []);
  });

  it('is renewed for a key that a segment still has, and for no other', async () => {
    const world = new FakeLicences();
    const { keyRequests } = await world.start('old');
    await world.fake.advance(5 * MINUTE);
    await world.start('new');
    assert.deepEqual([world.requestsS.length], [1]);
    world.hls.keys = ['new'];
    await world.fake.advance(30 * MINUTE);
    // hls.js, whose session was replaced, asks again if the key is needed again.
    assert.equal(keyRequests['old'], undefined);
    assert.ok(world.requestsS.length < 10, world.requestsS.join());
    assert.equal(world.openSessions, 1);
  });

  it('is renewed while buffered media with the key has not played', async () => {
    const world = new FakeLicences();
    await world.start('key');
    world.hls.keys = [];
    world.hls.media = { currentTime: 10 };
    world.hls.trigger('buffered', { frag: { end: 20, levelkeys: { clearkey: { uri: 'key' } } } });
    await world.fake.advance(5 * MINUTE);
    assert.equal(world.requestsS.length, 1);
    world.hls.media.currentTime = 30;
    await world.fake.advance(30 * MINUTE);
    assert.equal(world.requestsS.length, 1);
    assert.deepEqual([world.fake.clock.pending, world.hls.listeners.size], [0, 0]);
  });

  it('is not renewed beside that of hls.js when hls.js has closed its session', async () => {
    const world = new FakeLicences();
    const { session } = await world.start('key');
    await session.close();
    await world.fake.advance(60 * MINUTE);
    assert.deepEqual(world.requestsS, []);
    assert.deepEqual([world.fake.clock.pending, world.hls.listeners.size], [0, 0]);
  });

  it('is left to hls.js when its own licence has expired, or when it has replaced the media keys', async () => {
    const expired = new FakeLicences();
    const keyId = new Uint8Array(16);
    const { session } = await expired.start('key', keyId);
    session.keyStatuses.set(keyId, 'expired');
    const replaced = new FakeLicences();
    replaced.hls.media = { currentTime: 0, mediaKeys: {} };
    await replaced.start('key');
    for (const { fake, requestsS } of [expired, replaced]) {
      await fake.advance(60 * MINUTE);
      assert.deepEqual([requestsS, fake.clock.pending], [[], 0]);
    }
  });

  it('is requested with pauses until and beyond its end, with one error, and then renewed as before', async () => {
    const world = new FakeLicences();
    await world.start('key');
    await world.fake.advance(5 * MINUTE);
    // From the second renewal on, for more than the minute that is left.
    world.fail = (request) => (request < 30 ? unwell : null);
    await world.fake.advance(4 * MINUTE + 59_000);
    world.fail = (request) => (request < 30 ? new Error('update refused') : null);
    await world.fake.advance(20 * MINUTE);
    assert.equal(world.failed.length, 1);
    assert.deepEqual([world.failed.length, world.hls.errors.length], [1, 1]);
    assert.ok(world.troubles.length > 5 && world.troubles.every(({ code }) => code === 'source-failed'));
    const pausesS = world.requestsS.slice(1).map((atS, index) => atS - (world.requestsS[index] ?? 0));
    assert.ok(
      pausesS.every((pauseS) => pauseS >= 5),
      pausesS.join(),
    );
    assert.ok(world.requestsS.length > 30, 'the licence comes back');
    assert.equal(world.openSessions, 1);
  });

  it('is renewed at once after sleep beyond its end', async () => {
    const world = new FakeLicences();
    await world.start('key');
    await world.fake.advance(5 * MINUTE);
    world.fake.sleep(60 * MINUTE);
    await world.fake.wake('visible');
    await world.fake.advance(2000);
    assert.equal(world.requestsS.length, 2);
    assert.deepEqual([world.failed, world.openSessions], [[], 1]);
  });

  it('is renewed every five seconds at most, however short it is', async () => {
    for (const lifeMs of [200, 4000, -1000]) {
      const world = new FakeLicences();
      world.lifeMs = lifeMs;
      await world.start('key');
      await world.fake.advance(MINUTE);
      assert.ok(world.requestsS.length <= 13, `${String(lifeMs)}: ${String(world.requestsS.length)}`);
    }
  });

  it('ends with its source, and leaves no session, timer or listener', async () => {
    for (const end of ['loading', 'destroying', 'released']) {
      const world = new FakeLicences();
      await world.start('key');
      await world.fake.advance(5 * MINUTE);
      if (end === 'released') world.renewing.abort();
      else world.hls.trigger(end, {});
      await world.fake.advance(20 * MINUTE);
      assert.equal(world.requestsS.length, 1);
      assert.deepEqual([world.openSessions, world.fake.clock.pending, world.hls.listeners.size], [0, 0, 0]);
    }
  });
});
