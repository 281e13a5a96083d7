import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RefusalCount } from '@gatecast/player/internal/engine/nanoplayer/refusal-count';
import { UpdateQueue, type UpdateOutcome } from '@gatecast/player/internal/engine/nanoplayer/update-queue';
import { readVendorError } from '@gatecast/player/internal/engine/nanoplayer/read-vendor-error';
import { FakeClock } from '../support/fake-clock.js';

describe('an error of the vendor’s player', () => {
  const question = { majorVersion: 5, isTokenOld: false, refusals: 0 };

  for (const code of [4401, 4403, 4900, 4901, 4903, 4904, 2004]) {
    it(`${code} is answered with a fresh token`, () => {
      assert.deepEqual(readVendorError({ ...question, code }), { kind: 'renew' });
    });
  }

  it('2004 is about the token in version 5 only', () => {
    assert.equal(readVendorError({ ...question, code: 2004, majorVersion: 4 }).kind, 'fail');
  });

  it('4106, which any failed handshake gives, is about the token only when that is old', () => {
    assert.equal(readVendorError({ ...question, code: 4106 }).kind, 'fail');
    assert.equal(readVendorError({ ...question, code: 4106, isTokenOld: true }).kind, 'renew');
  });

  it('ends in one typed error with the vendor’s code when fresh tokens are refused too', () => {
    const remedy = readVendorError({ ...question, code: 4903, refusals: 2 });
    assert.ok(remedy.kind === 'fail');
    assert.equal(remedy.error.code, 'vendor-player-failed');
    assert.equal(remedy.error.vendorCode, 4903);
    assert.equal(remedy.error.retryable, false);
  });

  it('of the network may be tried again, one of the setup may not and says what to set', () => {
    const network = readVendorError({ ...question, code: 4106 });
    const setup = readVendorError({ ...question, code: 5007 });
    assert.ok(network.kind === 'fail' && setup.kind === 'fail');
    assert.equal(network.error.retryable, true);
    assert.equal(setup.error.retryable, false);
    assert.match(setup.error.hint, /websocket/);
  });

  it('that only waits for the viewer is none', () => {
    assert.deepEqual(readVendorError({ ...question, code: 1005 }), { kind: 'wait' });
  });
});

describe('refusals of late', () => {
  it('are forgotten after a minute', () => {
    const refusals = new RefusalCount();
    refusals.add(0);
    refusals.add(1000);
    assert.equal(refusals.at(59_999), 2);
    assert.equal(refusals.at(60_500), 1);
    assert.equal(refusals.at(61_000), 0);
  });
});

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

  it('are one at a time, and what is wanted meanwhile is one more, 600 ms later', async () => {
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

  it('pass over the outcome of another update', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 7 });
    queue.onSuccess({ id: 6 });
    queue.onFail({ id: 8 });
    assert.deepEqual(outcomes, []);
    queue.stop();
  });

  it('that came too soon are sent again', async () => {
    const { time, queue, sentAtMs, outcomes } = createQueue();
    queue.request();
    queue.onAbort({ id: 1, reason: 'frequency' });
    await time.advance(600);
    assert.deepEqual(sentAtMs, [0, 600]);
    assert.deepEqual(outcomes, ['frequency']);
    queue.stop();
  });

  it('that were superseded are told by the event of switches, and the player’s own switches are not ours', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 3 });
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'up' });
    assert.deepEqual(outcomes, []);
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'update' });
    assert.deepEqual(outcomes, ['superseded']);
  });

  it('are given up when nothing is heard, and leave no timer when stopped', async () => {
    const { time, queue, outcomes } = createQueue();
    queue.request();
    await time.advance(35_000);
    assert.deepEqual(outcomes, ['timeout']);
    queue.request();
    queue.stop();
    assert.equal(time.clock.pending, 0);
  });
});
