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
});
