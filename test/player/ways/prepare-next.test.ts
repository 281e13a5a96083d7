import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { prepareNext, type Prepared } from '@gatecast/player/internal/playback/prepare-next';
import { settle } from '../../support/fake-clock.js';
import { refused, WayWorld, type FakePlayback } from './way-world.js';

const absent = new GatecastError('source-not-found', 'No such stream.', { hint: '' });
const refusedPicture = new GatecastError('codec-unsupported', 'The picture is refused.', { hint: '' });

/** A change to a source with WHEP and HLS. */
class Change {
  readonly world = new WayWorld();
  readonly life = new AbortController();
  readonly next: FakePlayback[] = [];
  outcome: Prepared<FakePlayback> | Error | null = null;

  async begin(way = 0): Promise<void> {
    const create = (at: number): FakePlayback => {
      const playback = this.world.create(this.world.playback.source, at);
      this.next.push(playback);
      return playback;
    };
    prepareNext(create, way, this.life.signal, this.world.time.clock).then(
      (prepared) => (this.outcome = prepared),
      (error: unknown) => (this.outcome = error as Error),
    );
    await settle();
  }

  at(index: number): FakePlayback {
    const playback = this.next[index];
    assert.ok(playback);
    return playback;
  }

  get chosen(): [string, string | null] | null {
    if (!this.outcome || this.outcome instanceof Error) return null;
    return [this.outcome.playback.engineName, this.outcome.reason];
  }

  get alive(): FakePlayback[] {
    return this.next.filter(({ isStopped }) => !isStopped);
  }
}

describe('a change to a source that WHEP and HLS can play', () => {
  it('takes WHEP if its media comes in time, without a request for HLS', async () => {
    const change = new Change();
    await change.begin();
    await change.world.time.advance(700);
    await change.at(0).ready();
    await change.world.time.advance(60_000);
    assert.deepEqual([change.chosen, change.next.length], [['whep', null], 1]);
    assert.equal(change.world.time.clock.pending, 0);
  });

  it('takes HLS 1.3 s after the token where WHEP is blocked, and HLS is prepared before that', async () => {
    const change = new Change();
    await change.begin();
    await change.world.time.advance(800);
    assert.equal(change.at(1).isPrepared, true);
    await change.at(1).ready();
    assert.equal(change.chosen, null);
    await change.world.time.advance(500);
    assert.deepEqual([change.chosen, change.alive], [['hls', 'blocked'], [change.at(1)]]);
    assert.equal(change.world.time.clock.pending, 0);
  });

  it('takes WHEP as long as HLS has no media, and ends what it has prepared of HLS', async () => {
    const change = new Change();
    await change.begin();
    await change.world.time.advance(5000);
    await change.at(0).ready();
    assert.deepEqual(change.chosen, ['whep', null]);
    await change.at(1).ready();
    assert.deepEqual(change.alive, [change.at(0)]);
  });

  it('takes HLS at once where the server refuses', async () => {
    const change = new Change();
    await change.begin();
    await change.at(0).fail();
    await change.at(1).ready();
    assert.deepEqual([change.chosen, change.alive], [['hls', 'refused'], [change.at(1)]]);
  });

  it('waits for WHEP if HLS fails', async () => {
    const change = new Change();
    await change.begin();
    await change.world.time.advance(1300);
    await change.at(1).fail();
    assert.equal(change.outcome, null);
    await change.at(0).ready();
    assert.deepEqual(change.chosen, ['whep', null]);
  });

  it('fails with the error of HLS if both do', async () => {
    const change = new Change();
    await change.begin();
    await change.at(0).fail();
    await change.at(1).fail(absent);
    assert.deepEqual([change.outcome, change.alive], [absent, []]);
  });

  it('begins with HLS where HLS plays before', async () => {
    const change = new Change();
    await change.begin(1);
    await change.at(0).ready();
    assert.deepEqual(change.chosen, ['hls', null]);
  });

  it('takes the sound of WHEP where its server refuses the picture, and HLS fails', async () => {
    const change = new Change();
    await change.begin();
    await change.at(0).fail(refusedPicture);
    assert.equal(change.at(1).engineName, 'hls');
    await change.at(1).fail(absent);
    const sound = change.at(2);
    assert.deepEqual([sound.engineName, sound.isSoundEnough, change.chosen], ['whep', true, null]);
    await sound.ready();
    assert.deepEqual([change.chosen, change.alive], [['whep', null], [sound]]);
    assert.equal(change.world.time.clock.pending, 0);
  });

  it('fails with the error of HLS if not even the sound of WHEP comes', async () => {
    const change = new Change();
    await change.begin();
    await change.at(0).fail(refusedPicture);
    await change.at(1).fail(absent);
    await change.at(2).fail(refused);
    assert.deepEqual([change.outcome, change.alive, change.next.length], [absent, [], 3]);
  });

  it('tries WHEP, too, where HLS plays before and has nothing of the next one', async () => {
    const change = new Change();
    await change.begin(1);
    await change.at(0).fail(absent);
    assert.equal(change.at(1).engineName, 'whep');
    await change.at(1).fail(refusedPicture);
    await change.at(2).fail(absent);
    await change.at(3).ready();
    assert.deepEqual([change.at(3).isSoundEnough, change.chosen], [true, ['whep', null]]);
    assert.deepEqual(change.alive, [change.at(3)]);
  });

  it('takes the sound of WHEP where it is not known whether HLS has anything, and HLS without that', async () => {
    for (const hasSound of [true, false]) {
      const change = new Change();
      await change.begin();
      await change.at(0).fail(refusedPicture);
      await change.at(1).ready({ codecs: null });
      const sound = change.at(2);
      assert.deepEqual([sound.isSoundEnough, change.chosen], [true, null]);
      if (hasSound) await sound.ready();
      else await sound.fail();
      assert.deepEqual(change.chosen, hasSound ? ['whep', null] : ['hls', 'unsupported']);
      assert.deepEqual(change.alive, [hasSound ? sound : change.at(1)]);
    }
  });

  it('tries WHEP, too, where HLS plays before and it is not known whether that has anything', async () => {
    const change = new Change();
    await change.begin(1);
    await change.at(0).ready({ codecs: null });
    await change.at(1).ready();
    assert.deepEqual([change.chosen, change.alive], [['whep', null], [change.at(1)]]);
  });

  it('does not try WHEP for a viewer of HLS who gets no token', async () => {
    const change = new Change();
    await change.begin(1);
    const over = new GatecastError('revoked', 'The access has ended.', { hint: '', status: 403 });
    await change.at(0).fail(over);
    assert.deepEqual([change.outcome, change.next.length], [over, 1]);
  });

  it('prepares nothing after it was superseded', async () => {
    const change = new Change();
    await change.begin();
    await change.world.time.advance(900);
    change.life.abort();
    for (const playback of change.next) await playback.fail(refused);
    await change.world.time.advance(60_000);
    assert.deepEqual([change.next.length, change.alive, change.world.time.clock.pending], [2, [], 0]);
  });
});
