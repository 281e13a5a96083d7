import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import { refused, WayWorld } from './way-world.js';

describe('WHEP while HLS plays in its place', () => {
  it('is prepared after 15 s beside HLS, and plays when its media comes', async () => {
    const world = new WayWorld();
    await world.playHls();
    const { playback: hls } = world;
    await world.time.advance(14_999);
    assert.equal(world.created.length, 2);
    await world.time.advance(1);
    const { last: whep } = world;
    assert.deepEqual([whep.engineName, whep.isPrepared, whep.isStarted], ['whep', true, false]);
    assert.equal(world.playback, hls);
    await whep.ready();
    assert.deepEqual([world.playback, hls.isStopped, whep.isStarted], [whep, true, true]);
    await whep.begin();
    await world.time.advance(60_000);
    assert.deepEqual(world.changes, ['hls: blocked', 'whep: restored']);
    assert.deepEqual([world.alive, whep.isOnTrial], [[whep], false]);
  });

  it('leaves HLS alone when it fails, with waits that double up to 5 minutes', async () => {
    const world = new WayWorld();
    await world.playHls();
    const { playback: hls } = world;
    const waits: number[] = [];
    let beforeMs = world.time.clock.now();
    for (let count = 3; count <= 9; count += 1) {
      while (world.created.length < count) await world.time.advance(1000);
      waits.push(Math.round((world.time.clock.now() - beforeMs) / 1000));
      await world.last.fail();
      beforeMs = world.time.clock.now();
    }
    assert.deepEqual(waits, [15, 30, 60, 120, 240, 300, 300]);
    assert.deepEqual([world.alive, world.changes], [[hls], ['hls: blocked']]);
    assert.equal(world.notes.filter((name) => name === 'engine-not-restored').length, 7);
  });

  it('costs no token request when its server refuses the token, and no token event, until it plays', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    const { tokens } = world.last;
    assert.deepEqual([...tokens.streams], []);
    await assert.rejects(tokens.rejected(), { code: 'token-rejected' });
    assert.equal(tokens.refusals, 0);
    await world.last.ready();
    assert.deepEqual([...tokens.streams], ['a']);
    await assert.rejects(tokens.rejected(), { code: 'source-failed' });
    assert.equal(tokens.refusals, 1);
  });

  it('is given up after 10 s without media, and has no pending timer then', async () => {
    const world = new WayWorld();
    await world.playHls();
    const { playback: hls } = world;
    await world.time.advance(25_000);
    assert.deepEqual([world.created.length, world.alive], [3, [hls]]);
  });

  for (const [what, wake] of [
    ['the network is back', (world: WayWorld) => world.time.wake('online')],
    ['the page is visible', (world: WayWorld) => world.time.wake('visible')],
    ['the network is another one', (world: WayWorld) => world.networkChange()],
  ] as const)
    it(`is tried at once when ${what}, and not all the time`, async () => {
      const world = new WayWorld();
      await world.playHls();
      await wake(world);
      assert.equal(world.created.length, 3);
      await world.last.fail();
      for (let count = 0; count < 20; count += 1) await wake(world);
      assert.equal(world.created.length, 3);
      await world.time.advance(2000);
      assert.equal(world.created.length, 4);
    });

  for (const [what, leave, comeBack] of [
    [
      'the page is hidden',
      (world: WayWorld) => (world.isHidden = true),
      (world: WayWorld) => {
        world.isHidden = false;
        return world.time.wake('visible');
      },
    ],
    [
      'the device is offline',
      (world: WayWorld) => (world.isOffline = true),
      (world: WayWorld) => {
        world.isOffline = false;
        return world.time.wake('online');
      },
    ],
    [
      'playback is paused',
      (world: WayWorld) => (world.media.paused = true),
      (world: WayWorld) => world.play(),
    ],
  ] as const)
    it(`is not tried while ${what}, but at once after that`, async () => {
      const world = new WayWorld();
      await world.playHls();
      leave(world);
      await world.time.advance(3_600_000);
      assert.equal(world.created.length, 2);
      await comeBack(world);
      assert.equal(world.created.length, 3);
    });

  it('does not take a viewer to live who has sought back, until that viewer is there', async () => {
    const world = new WayWorld();
    await world.playHls();
    world.playback.behindLive = 60;
    await world.time.advance(600_000);
    assert.equal(world.created.length, 2);
    world.playback.behindLive = 5;
    world.media.dispatchEvent(new Event('seeked'));
    assert.equal(world.created.length, 3);
  });

  it('does not take the speed from a viewer who has chosen another one, until it is the usual one', async () => {
    const world = new WayWorld();
    await world.playHls();
    world.media.playbackRate = 0.75;
    await world.time.advance(600_000);
    assert.equal(world.created.length, 2);
    world.media.playbackRate = 1;
    world.media.dispatchEvent(new Event('ratechange'));
    assert.equal(world.created.length, 3);
  });

  it('does not play if playback was paused meanwhile', async () => {
    const world = new WayWorld();
    await world.playHls();
    const { playback: hls } = world;
    await world.time.advance(15_000);
    world.media.paused = true;
    await world.last.ready();
    assert.deepEqual([world.alive, world.playback], [[hls], hls]);
    await world.play();
    await world.time.advance(2000);
    assert.equal(world.alive.length, 2);
  });

  it('makes place again if its media does not show', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    await world.last.ready();
    await world.time.advance(4000);
    assert.deepEqual(world.changes, ['hls: blocked', 'hls: blocked']);
    assert.equal(world.playback.engineName, 'hls');
    assert.deepEqual(world.alive, [world.playback]);
    // As after a failure.
    await world.time.advance(29_000);
    assert.deepEqual(world.alive, [world.playback]);
    await world.time.advance(1000);
    assert.equal(world.alive.length, 2);
  });

  it('is not tried again at the first picture of HLS, after its media did not show', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    await world.last.ready();
    await world.time.advance(4000);
    assert.deepEqual(world.changes, ['hls: blocked', 'hls: blocked']);
    world.media.dispatchEvent(new Event('loadeddata'));
    await world.playback.begin();
    await world.time.advance(25_000);
    assert.deepEqual(world.alive, [world.playback]);
  });

  it('has 4 s to show a picture when it has media again', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    const { last: whep } = world;
    await whep.ready();
    await world.time.advance(3999);
    await whep.begin();
    assert.deepEqual(world.changes, ['hls: blocked', 'whep: restored']);
  });

  it('is tried soon after the stream has started', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.fail();
    for (const waitMs of [15_000, 30_000, 60_000, 120_000]) {
      await world.time.advance(waitMs);
      await world.last.fail();
    }
    assert.equal(world.created.length, 6);
    await world.time.advance(60_000);
    await world.playback.begin();
    assert.equal(world.created.length, 7);
  });

  it('is tried while autoplay waits for data, and at once when HLS has none either', async () => {
    const world = new WayWorld();
    world.media.paused = true;
    world.awaitsAutoplay = true;
    world.keep();
    await world.playback.fail();
    await world.playback.fail();
    await world.time.advance(2000);
    assert.equal(world.created.length, 3);
    await world.last.fail();
    // Nothing plays.
    await world.time.advance(5999);
    assert.equal(world.created.length, 3);
    await world.time.advance(1);
    assert.equal(world.created.length, 4);
    await world.last.ready();
    assert.equal(world.playback.engineName, 'whep');
    assert.equal(world.playback.startedAt?.wasPlaying, true);
  });

  const schedules = [
    ['up to a minute apart', undefined, [2, 6, 12, 24, 48, 60]],
    ['when its server says', 5, [6, 6, 6, 6, 6, 6]],
    ['not more than 20 times a minute', 0, [2, 2, 4, 4, 4, 4]],
  ] as const;
  for (const [waits, what, retryAfterS, expected] of [
    ...schedules.map((each) => [false, ...each] as const),
    ...schedules.map((each) => [true, ...each] as const),
  ])
    it(`is tried ${what} while nothing plays${waits ? ', and the page waits for the stream' : ''}`, async () => {
      const retryAfterMs = retryAfterS && retryAfterS * 1000;
      const notYet = new GatecastError('source-not-found', 'Nobody sends.', {
        hint: '',
        status: 409,
        retryable: true,
        retryAfterMs,
      });
      const world = new WayWorld();
      world.keep();
      await world.playback.fail(notYet);
      if (waits) world.playback.state = 'recovering';
      else await world.playback.fail();
      const seconds: number[] = [];
      for (const _ of expected) {
        const count = world.created.length;
        const beforeMs = world.time.clock.now();
        while (world.created.length === count) await world.time.advance(500);
        seconds.push((world.time.clock.now() - beforeMs) / 1000);
        await world.last.fail(notYet);
      }
      assert.deepEqual(seconds, expected);
    });

  it('is tried soon when HLS turns out to have nothing, and seldom from its first picture on', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.fail();
    const { playback: hls } = world;
    await world.time.advance(5000);
    assert.equal(world.created.length, 2);
    hls.state = 'recovering';
    await world.time.advance(2000);
    assert.equal(world.created.length, 3);
    await hls.begin();
    await world.last.fail();
    // It loads again, after a break.
    hls.state = 'recovering';
    await world.time.advance(29_000);
    assert.equal(world.created.length, 3);
  });

  it('is not tried again when the access to it has ended, until HLS begins again', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    await world.last.fail(new GatecastError('revoked', 'The access has ended.', { hint: '', status: 403 }));
    await world.time.advance(600_000);
    await world.time.wake('online');
    assert.deepEqual([world.created.length, world.errors], [3, [null]]);
    world.media.dispatchEvent(new Event('loadeddata'));
    await world.time.advance(30_000);
    assert.equal(world.created.length, 4);
  });

  it('is tried 3 s after it has broken', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.begin();
    await world.playback.report({ type: 'error', error: refused, isResumable: true });
    await world.time.advance(0);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
    await world.time.advance(2999);
    assert.equal(world.created.length, 2);
    await world.time.advance(1);
    assert.equal(world.last.engineName, 'whep');
  });

  it('of another source, which the page has set meanwhile, is not touched', async () => {
    const world = new WayWorld();
    await world.playHls();
    await world.time.advance(15_000);
    const { last: whep } = world;
    const other = world.create(resolveSource({ hls: '/b.m3u8' }, 'https://page.example/'), 1);
    world.playback.stop();
    world.playback = other;
    world.life.abort();
    await whep.ready();
    await world.time.advance(60_000);
    assert.deepEqual([world.alive, world.playback, world.time.clock.pending], [[other], other, 0]);
  });
});
