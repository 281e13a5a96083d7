import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { refused, WayWorld } from './way-world.js';

const revoked = new GatecastError('revoked', 'The access has ended.', { hint: '', status: 403 });
const unsupported = new GatecastError('codec-unsupported', 'No common codec.', { hint: '' });
const missing = new GatecastError('engine-unsupported', 'This browser has no WebRTC.', { hint: '' });
const invalid = new GatecastError('option-invalid', 'whepConfig is invalid.', { hint: '' });
const lost = new GatecastError('source-unreachable', 'The connection is lost.', {
  hint: '',
  retryable: true,
});

describe('WHEP at the start of a source that HLS can play, too', () => {
  it('plays without a request for HLS if media comes in time', async () => {
    const world = new WayWorld();
    world.keep();
    await world.time.advance(700);
    await world.playback.begin();
    await world.time.advance(60_000);
    assert.deepEqual([world.changes, world.created.length], [['whep: start'], 1]);
    assert.equal(world.playback.isOnTrial, false);
  });

  it('makes place for HLS 1.3 s after its tokens, and HLS is prepared before that', async () => {
    const world = new WayWorld();
    let give = () => {};
    world.playback.hasTokens = new Promise((resolve) => (give = resolve));
    world.keep();
    await world.time.advance(5000);
    assert.equal(world.created.length, 1);
    give();
    await world.time.advance(799);
    assert.equal(world.created.length, 1);
    await world.time.advance(1);
    assert.deepEqual(
      [world.last.engineName, world.last.isPrepared, world.last.isStarted],
      ['hls', true, false],
    );
    const { playback: whep } = world;
    await world.time.advance(500);
    assert.deepEqual(
      [world.changes, whep.isStopped, world.playback.isStarted],
      [['hls: blocked'], true, true],
    );
    assert.deepEqual([world.created.length, world.playback.isOnTrial], [2, false]);
  });

  it('has 1.3 s from its code on, where that comes later than the tokens', async () => {
    const world = new WayWorld();
    let load = () => {};
    world.playback.hasCode = new Promise((resolve) => (load = resolve));
    world.keep();
    await world.time.advance(2500);
    load();
    await world.time.advance(1299);
    assert.deepEqual(world.changes, []);
    await world.time.advance(1);
    assert.deepEqual(world.changes, ['hls: blocked']);
  });

  it('does not wait for its code without end', async () => {
    const world = new WayWorld();
    world.playback.hasCode = new Promise(() => {});
    world.keep();
    await world.time.advance(4300);
    assert.deepEqual(world.changes, ['hls: blocked']);
  });

  it('makes place in time for HLS, also where packets come of which no picture is decoded, and is soon tried again', async () => {
    const world = new WayWorld();
    world.keep();
    await world.time.advance(1000);
    world.playback.engine = { livePosition: 0 };
    await world.last.ready();
    await world.time.advance(300);
    assert.deepEqual(world.changes, ['hls: blocked']);
    await world.playback.begin();
    await world.time.advance(3000);
    assert.deepEqual(
      [world.last.engineName, world.last.isPrepared, world.last.isStarted],
      ['whep', true, false],
    );
  });

  it('has 4 s where packets come, and HLS is not prepared yet', async () => {
    const world = new WayWorld();
    world.keep();
    await world.time.advance(1000);
    world.playback.engine = { livePosition: 0 };
    await world.time.advance(2900);
    await world.playback.begin();
    assert.deepEqual(world.changes, ['whep: start']);
  });

  it('goes on where HLS has nothing to play, which is asked again', async () => {
    const world = new WayWorld();
    world.keep();
    await world.time.advance(800);
    await world.last.fail();
    await world.time.advance(1000);
    const { playback: whep } = world;
    assert.deepEqual([world.changes, world.alive], [[], [whep]]);
    await world.time.advance(3000);
    assert.equal(world.alive.length, 2);
    await whep.begin();
    assert.deepEqual([world.changes, world.alive], [['whep: start'], [whep]]);
  });

  it('makes place after 10 s, also for HLS that had nothing to play', async () => {
    const world = new WayWorld();
    world.keep();
    await world.time.advance(800);
    await world.last.fail();
    await world.time.advance(9200);
    assert.deepEqual(world.changes, ['hls: blocked']);
    assert.equal(world.playback.isStopped, false);
  });

  it('makes place at once if its server refuses, and shows no error', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.fail(refused);
    assert.deepEqual([world.changes, world.errors], [['hls: refused'], [null]]);
    assert.equal(world.playback.engineName, 'hls');
  });

  it('makes place if it has failed before this code was there', async () => {
    const world = new WayWorld();
    await world.playback.fail(refused);
    world.keep();
    await world.time.advance(0);
    assert.deepEqual(world.changes, ['hls: refused']);
  });

  it('makes place if this code has come late, and its error was shown', async () => {
    const world = new WayWorld();
    world.playback.isOnTrial = false;
    await world.playback.fail(refused);
    world.onError(refused);
    world.keep();
    await world.time.advance(0);
    assert.deepEqual([world.changes, world.errors], [['hls: refused'], ['source-failed', null]]);
  });

  for (const [what, error] of [
    ['the browser has no WebRTC', missing],
    ['an option is invalid', invalid],
  ] as const)
    it(`is not tried again if ${what}`, async (context) => {
      const warn = context.mock.method(console, 'warn', () => {});
      const world = new WayWorld();
      world.keep();
      await world.playback.fail(error);
      await world.time.advance(3_600_000);
      await world.time.wake('online');
      assert.deepEqual([world.changes, world.created.length], [['hls: unsupported'], 2]);
      assert.equal(world.time.clock.pending, 0);
      // Who has set the option must know.
      const isInvalid = error === invalid;
      assert.equal(world.notes.filter((name) => name === 'warning').length, isInvalid ? 1 : 0);
      assert.equal(warn.mock.callCount(), isInvalid ? 1 : 0);
    });

  it('is tried every 5 minutes if the browser cannot receive the broadcast, and soon after the next one starts', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.fail(unsupported);
    await world.playback.begin();
    await world.time.advance(299_999);
    assert.deepEqual([world.changes, world.created.length], [['hls: unsupported'], 2]);
    await world.time.advance(1);
    assert.equal(world.created.length, 3);
    await world.last.fail(unsupported);
    await world.time.advance(100_000);
    assert.equal(world.created.length, 3);
    world.media.dispatchEvent(new Event('loadeddata'));
    assert.equal(world.created.length, 4);
    await world.last.ready();
    await world.last.begin();
    assert.deepEqual(world.changes, ['hls: unsupported', 'whep: restored']);
  });

  it('makes no place if the viewer may not watch: HLS would be refused, too', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.fail(revoked);
    await world.time.advance(10_000);
    assert.deepEqual([world.changes, world.errors, world.created.length], [[], ['revoked'], 1]);
  });

  it('makes place if HLS plays a stream that the viewer may watch', async () => {
    const entries = [
      { whep: '/whep/a', stream: 'a' },
      { hls: '/live/b.m3u8', stream: 'b' },
    ];
    const world = new WayWorld(0, { entries });
    world.keep();
    await world.playback.fail(revoked);
    await world.time.advance(10);
    assert.deepEqual([world.changes, world.errors], [['hls: refused'], [null]]);
    await world.playback.begin();
    await world.time.advance(600_000);
    assert.equal(world.created.length, 2);
  });

  for (const atMs of [0, 900, 1000])
    it(`has no pending timer or playback if the player is removed after ${atMs} ms`, async () => {
      const world = new WayWorld();
      world.keep();
      await world.time.advance(atMs);
      world.life.abort();
      world.playback.stop();
      await world.time.advance(10_000);
      assert.deepEqual([world.alive, world.changes, world.time.clock.pending], [[], [], 0]);
    });
});

describe('WHEP that breaks while it plays', () => {
  async function playing(): Promise<WayWorld> {
    const world = new WayWorld();
    world.keep();
    await world.playback.begin();
    await world.time.advance(5000);
    return world;
  }

  it('repairs itself first: HLS plays if media has not come again within 2 s', async () => {
    const world = await playing();
    await world.playback.report({ type: 'trouble', error: lost });
    await world.time.advance(999);
    assert.equal(world.created.length, 1);
    await world.time.advance(1);
    await world.last.ready();
    await world.time.advance(800);
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
  });

  it('plays on if media comes again, and drops what it has prepared of HLS', async () => {
    const world = await playing();
    await world.playback.report({ type: 'trouble', error: lost });
    await world.time.advance(1500);
    await world.last.ready();
    await world.playback.report({ type: 'resumed' });
    await world.time.advance(60_000);
    assert.deepEqual(
      [world.changes, world.alive, world.time.clock.pending],
      [['whep: start'], [world.playback], 0],
    );
  });

  it('makes place at once when it has given up', async () => {
    const world = await playing();
    await world.playback.report({ type: 'error', error: lost, isResumable: true });
    await world.time.advance(0);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
  });

  it('goes on to repair itself if HLS has no media either, which is asked again after a while', async () => {
    const world = await playing();
    await world.playback.report({ type: 'trouble', error: lost });
    await world.time.advance(1800);
    await world.last.fail();
    assert.deepEqual(world.alive, [world.playback]);
    await world.time.advance(3000);
    assert.equal(world.alive.length, 2);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
  });

  it('asks HLS less and less often, and not while the page is hidden', async () => {
    const world = await playing();
    const fail = async (): Promise<void> => {
      if (!world.last.isStopped && world.last !== world.playback) await world.last.fail();
    };
    await world.playback.report({ type: 'trouble', error: lost });
    for (let second = 0; second < 60; second += 1) {
      await world.time.advance(1000);
      await fail();
      await world.playback.report({ type: 'error', error: lost, isResumable: true });
    }
    assert.equal(world.created.length, 6);
    world.isHidden = true;
    await world.time.advance(600_000);
    assert.equal(world.created.length, 6);
    world.isHidden = false;
    await world.time.wake('visible');
    assert.equal(world.created.length, 7);
  });

  it('keeps what it has prepared of HLS when it gives up', async () => {
    const world = await playing();
    await world.playback.report({ type: 'trouble', error: lost });
    await world.time.advance(1200);
    await world.last.ready();
    await world.playback.report({ type: 'error', error: lost, isResumable: true });
    assert.deepEqual([world.changes, world.created.length], [['whep: start', 'hls: broken'], 2]);
  });

  it('makes place after a pause in which it has broken', async () => {
    const world = await playing();
    world.media.paused = true;
    await world.playback.report({ type: 'trouble', error: lost });
    await world.time.advance(60_000);
    assert.equal(world.created.length, 1);
    await world.play();
    await world.time.advance(1800);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start', 'hls: broken']);
  });

  it('has time to begin again after a pause in which it has failed', async () => {
    const world = await playing();
    world.media.paused = true;
    await world.playback.report({ type: 'error', error: lost, isResumable: true });
    await world.time.advance(600_000);
    await world.play();
    await world.time.advance(1799);
    await world.last.ready();
    assert.deepEqual(world.changes, ['whep: start']);
    await world.playback.report({ type: 'resumed' });
    await world.time.advance(60_000);
    assert.deepEqual([world.changes, world.alive], [['whep: start'], [world.playback]]);
  });

  it('makes no place while it is paused, nobody sends or the access has ended', async () => {
    const world = await playing();
    world.media.paused = true;
    await world.playback.report({ type: 'trouble', error: lost });
    world.media.paused = false;
    await world.playback.report({ type: 'trouble', error: lost });
    await world.playback.report({ type: 'awaited' });
    await world.playback.report({ type: 'error', error: revoked, isResumable: false });
    await world.time.advance(60_000);
    assert.deepEqual([world.changes, world.alive], [['whep: start'], [world.playback]]);
  });

  for (const isPaused of [false, true])
    it(`shows no error that HLS makes good${isPaused ? ', also in a pause' : ''}`, async () => {
      const world = await playing();
      const { playback: whep } = world;
      world.media.paused = isPaused;
      await whep.report({ type: 'error', error: unsupported, isResumable: true });
      assert.deepEqual([whep.isOnTrial, world.last.engineName], [true, 'hls']);
      await world.last.ready();
      assert.deepEqual([world.changes, world.errors], [['whep: start', 'hls: unsupported'], [null]]);
    });

  it('shows its error if HLS has no media either, until HLS plays', async () => {
    const world = await playing();
    const { playback: whep } = world;
    await whep.report({ type: 'error', error: unsupported, isResumable: true });
    await world.last.fail();
    // Its sound will do.
    assert.deepEqual([world.errors, whep.retries, whep.isSoundEnough], [[], 1, true]);
    await whep.report({ type: 'error', error: unsupported, isResumable: true });
    await world.last.fail();
    assert.deepEqual([world.errors, whep.isOnTrial, whep.retries], [['codec-unsupported'], false, 1]);
    await world.time.advance(9000);
    await world.last.ready();
    assert.deepEqual(
      [world.changes, world.errors],
      [
        ['whep: start', 'hls: unsupported'],
        ['codec-unsupported', null],
      ],
    );
  });

  it('repairs itself after an error that passes, which is not held back', async () => {
    const world = await playing();
    await world.playback.report({ type: 'error', error: lost, isResumable: true });
    assert.equal(world.playback.isOnTrial, false);
  });
});

describe('a source that has been changed', () => {
  it('plays HLS, and WHEP is tried after 3 s; the page hears why, or nothing if HLS has played before', async () => {
    for (const reason of ['refused', null] as const) {
      const world = new WayWorld(1);
      world.keep(reason);
      assert.deepEqual(world.changes, reason ? ['hls: refused'] : []);
      await world.time.advance(3000);
      assert.deepEqual([world.last.engineName, world.last.isPrepared], ['whep', true]);
    }
  });
});
