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
