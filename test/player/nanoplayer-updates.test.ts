import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UpdateQueue, type UpdateOutcome } from '@gatecast/player/internal/engine/nanoplayer/update-queue';
import { FakeClock } from '../support/fake-clock.js';

describe('updates of the vendor’s source', () => {
  function createQueue() {
    const time = new FakeClock();
    const sentAtMs: number[] = [];
    const outcomes: UpdateOutcome[] = [];
    const startMs = time.clock.now();
    const queue = new UpdateQueue({
      clock: time.clock,
      send: () => sentAtMs.push(time.clock.now() - startMs),
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    return { time, queue, sentAtMs, outcomes };
  }

  it('are sent one at a time; requests during one are a single next one, 600 ms later', async () => {
    const { time, queue, sentAtMs, outcomes } = createQueue();
    queue.request();
    queue.request();
    queue.request();
    assert.deepEqual(sentAtMs, [0]);
    queue.onInit({ id: 7 });
    queue.onSuccess({ id: 7 });
    assert.deepEqual(outcomes, ['success']);
    await time.advance(599);
    assert.deepEqual(sentAtMs, [0]);
    await time.advance(1);
    assert.deepEqual(sentAtMs, [0, 600]);
  });

  it('ignore the outcome of another update', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 7 });
    queue.onSuccess({ id: 6 });
    queue.onFail({ id: 8 });
    assert.deepEqual(outcomes, []);
    queue.stop();
  });

  it('are sent again after the player refused one as too early', async () => {
    const { time, queue, sentAtMs, outcomes } = createQueue();
    queue.request();
    queue.onAbort({ id: 1, reason: 'frequency' });
    await time.advance(600);
    assert.deepEqual(sentAtMs, [0, 600]);
    assert.deepEqual(outcomes, ['frequency']);
    queue.stop();
  });

  it('take the event of a superseded update, and ignore the player’s own switches', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 3 });
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'up' });
    assert.deepEqual(outcomes, []);
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'update' });
    assert.deepEqual(outcomes, ['superseded']);
  });

  it('time out without an event, and leave no timer when stopped', async () => {
    const { time, queue, outcomes } = createQueue();
    queue.request();
    await time.advance(35_000);
    assert.deepEqual(outcomes, ['timeout']);
    queue.request();
    queue.stop();
    assert.equal(time.clock.pending, 0);
  });

  it('tell their caller the outcome of the update that was sent for it', async () => {
    const { time, queue } = createQueue();
    queue.request();
    const result = queue.complete();
    queue.onSuccess({ id: 1 });
    await time.advance(600);
    queue.onInit({ id: 2 });
    queue.onFail({ id: 2, code: 4903 });
    assert.deepEqual(await result, { outcome: 'fail', code: 4903, source: undefined });
  });

  it('keep their caller waiting while the player aborts them, and answer it when stopped', async () => {
    const { time, queue, sentAtMs } = createQueue();
    const result = queue.complete();
    queue.onAbort({ id: 1, reason: 'frequency' });
    await time.advance(600);
    queue.onAbort({ id: 2, reason: 'superseded' });
    await time.advance(600);
    assert.deepEqual(sentAtMs, [0, 600, 1200]);
    queue.stop();
    assert.deepEqual(await result, { outcome: 'stopped', code: undefined });
  });

  it('wait for the end of a switch that the player makes itself, which would abort them', async () => {
    const { time, queue, sentAtMs } = createQueue();
    queue.onSwitchStarted();
    queue.request();
    await time.advance(2000);
    assert.deepEqual(sentAtMs, []);
    queue.onSwitchEnded();
    assert.deepEqual(sentAtMs, [2000]);
    queue.stop();
  });
});
