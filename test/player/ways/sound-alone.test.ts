import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { WayWorld } from './way-world.js';

const refusedPicture = new GatecastError('codec-unsupported', 'The WHEP server refuses the picture.', {
  hint: '',
});
const absent = new GatecastError('source-not-found', 'Not found.', { hint: '', status: 404 });

/** The server of WHEP has refused the picture at the start. */
async function refusedAtStart(): Promise<WayWorld> {
  const world = new WayWorld();
  world.keep();
  assert.equal(world.playback.isSoundEnough, false);
  await world.playback.fail(refusedPicture);
  assert.equal(world.playback.engineName, 'hls');
  return world;
}

describe('a WHEP server with the sound only', () => {
  it('is heard where HLS has nothing', async () => {
    const world = await refusedAtStart();
    await world.playback.fail(absent);
    await world.time.advance(2000);
    assert.deepEqual([world.last.engineName, world.last.isSoundEnough], ['whep', true]);
    await world.last.ready();
    await world.last.begin();
    await world.time.advance(600_000);
    assert.deepEqual(world.changes, ['hls: unsupported', 'whep: restored']);
  });

  it('is heard where HLS waits for a stream that does not come', async () => {
    const world = await refusedAtStart();
    world.playback.state = 'recovering';
    await world.time.advance(300_000);
    assert.deepEqual([world.last.engineName, world.last.isSoundEnough], ['whep', true]);
  });

  it('is not enough while HLS starts or plays, also with an error after its picture', async () => {
    for (const begins of [false, true]) {
      const world = await refusedAtStart();
      if (begins) {
        await world.playback.begin();
        world.playback.state = 'failed';
      }
      await world.time.advance(300_000);
      assert.deepEqual([world.last.engineName, world.last.isSoundEnough], ['whep', false]);
    }
  });

  it('is heard where its picture ends in the middle, until the next broadcast', async () => {
    const world = new WayWorld();
    world.keep();
    const { playback: whep } = world;
    await whep.begin();
    await whep.report({ type: 'error', error: refusedPicture, isResumable: true });
    await world.last.fail(absent);
    assert.deepEqual([whep.isSoundEnough, whep.isOnTrial, whep.retries], [true, false, 1]);
    await whep.report({ type: 'resumed' });
    await world.time.advance(600_000);
    assert.deepEqual([world.changes, world.errors, world.alive], [['whep: start'], [], [whep]]);
    await whep.report({ type: 'awaited' });
    assert.equal(whep.isSoundEnough, false);
  });
});

describe('HLS while WHEP plays the sound alone', () => {
  const PICTURE = { codecs: 'avc1.64001f,mp4a.40.2' };

  /** The server of WHEP refuses the picture, and HLS is not there yet. */
  async function playSound(): Promise<WayWorld> {
    const world = await refusedAtStart();
    await world.playback.fail(absent);
    await world.time.advance(2000);
    await world.last.ready();
    await world.last.begin();
    assert.deepEqual([world.playback.engineName, world.playback.isSoundEnough], ['whep', true]);
    return world;
  }

  it('plays as soon as it has a picture, without a gap before that', async () => {
    const world = await playSound();
    const { playback: whep } = world;
    await world.time.advance(3000);
    const { last: hls } = world;
    assert.deepEqual([hls.engineName, hls.isPrepared, hls.isStarted], ['hls', true, false]);
    assert.deepEqual([...hls.tokens.streams], [], 'no token events of a look');
    await hls.ready(PICTURE);
    assert.deepEqual([world.playback, whep.isStopped, hls.isStarted], [hls, true, true]);
    assert.deepEqual([...hls.tokens.streams], ['a']);
    await hls.begin();
    assert.deepEqual(world.changes, ['hls: unsupported', 'whep: restored', 'hls: unsupported']);
    assert.deepEqual(world.alive, [hls]);
    // The picture of the next broadcast may be another one.
    await world.time.advance(299_000);
    assert.deepEqual(world.alive, [hls]);
    await world.time.advance(1000);
    assert.deepEqual([world.last.engineName, world.last.isSoundEnough], ['whep', false]);
  });

  it('is looked for with waits that double up to 5 minutes, and nothing of a look remains', async () => {
    const world = await playSound();
    const { playback: whep } = world;
    const waits: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      const { length } = world.created;
      const beforeMs = world.time.clock.now();
      while (world.created.length === length) await world.time.advance(500);
      waits.push((world.time.clock.now() - beforeMs) / 1000);
      // Not there, or without a picture, or it cannot tell.
      if (count % 3 === 0) await world.last.fail(absent);
      else await world.last.ready([undefined, { codecs: 'mp4a.40.2' }, { codecs: null }][count % 3]);
      assert.deepEqual([world.alive, world.playback], [[whep], whep]);
    }
    assert.deepEqual(waits, [3, 6, 12, 24, 48, 96, 192, 300, 300]);
    assert.deepEqual(world.errors, [null, null]);
  });

  it('is looked for with the same waits again in a broadcast that begins much later', async () => {
    const world = await playSound();
    const { playback: whep } = world;
    for (let count = 0; count < 3; count += 1) {
      const { length } = world.created;
      while (world.created.length === length) await world.time.advance(500);
      await world.last.fail(absent);
    }
    await whep.report({ type: 'awaited' });
    await world.time.advance(3_600_000);
    await whep.report({ type: 'error', error: refusedPicture, isResumable: true });
    await world.last.fail(absent);
    await whep.report({ type: 'resumed' });
    await world.time.advance(3000);
    assert.equal(world.alive.length, 2);
  });

  it('plays if its playlist does not say what it has, as at a start', async () => {
    for (const media of [{}, { codecs: '' }]) {
      const world = await playSound();
      await world.time.advance(3000);
      await world.last.ready(media);
      assert.equal(world.playback.engineName, 'hls');
    }
  });

  it('is given up after 10 s without a response, and looked for again', async () => {
    const world = await playSound();
    await world.time.advance(13_000);
    assert.equal(world.alive.length, 1);
    await world.time.advance(6000);
    assert.equal(world.alive.length, 2);
  });

  it('is not looked for while nobody listens, or once WHEP has a picture', async () => {
    const world = await playSound();
    const { length } = world.created;
    world.isHidden = true;
    await world.time.advance(600_000);
    world.isHidden = false;
    world.media.paused = true;
    await world.time.advance(600_000);
    assert.equal(world.created.length, length);
    world.media.paused = false;
    world.isSeen = true;
    await world.time.advance(600_000);
    assert.equal(world.created.length, length);
    assert.equal(world.playback.isSoundEnough, false);
    assert.equal(world.time.clock.pending, 0);
  });

  it('is dropped if the next broadcast begins meanwhile, or the source is another one', async () => {
    const world = await playSound();
    const { playback: whep } = world;
    await world.time.advance(3000);
    await whep.report({ type: 'awaited' });
    await world.last.ready(PICTURE);
    assert.deepEqual([world.playback, world.alive], [whep, [whep]]);
    const other = await playSound();
    await other.time.advance(3000);
    other.life.abort();
    await other.last.ready(PICTURE);
    await other.time.advance(60_000);
    assert.deepEqual(
      [other.playback.engineName, other.alive.length, other.time.clock.pending],
      ['whep', 1, 0],
    );
  });

  it('is looked for, too, where the picture ends in the middle', async () => {
    const world = new WayWorld();
    world.keep();
    await world.playback.begin();
    await world.playback.report({ type: 'error', error: refusedPicture, isResumable: true });
    await world.last.fail(absent);
    await world.playback.report({ type: 'resumed' });
    await world.time.advance(3000);
    assert.equal(world.alive.length, 2);
    await world.last.fail(absent);
    // The next broadcast has no picture either, and HLS is gone again.
    await world.playback.report({ type: 'awaited' });
    await world.playback.report({ type: 'error', error: refusedPicture, isResumable: true });
    await world.last.fail(absent);
    await world.playback.report({ type: 'resumed' });
    await world.time.advance(6000);
    assert.equal(world.alive.length, 2, 'one look at a time');
    await world.last.ready(PICTURE);
    assert.deepEqual(world.changes, ['whep: start', 'hls: unsupported']);
  });
});
