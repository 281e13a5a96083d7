import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDeadline } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

describe('deadline', () => {
  it('aborts with a TimeoutError when its time is over', async () => {
    const time = new FakeClock();
    const deadline = startDeadline(time.clock, 3000);
    await time.advance(2999);
    assert.equal(deadline.signal.aborted, false);
    await time.advance(1);
    assert.equal(deadline.isOver, true);
    assert.equal((deadline.signal.reason as DOMException).name, 'TimeoutError');
    assert.equal(time.clock.pending, 0);
  });

  it('aborts with the reason of its parent, and isOver stays false', async () => {
    const time = new FakeClock();
    const parent = new AbortController();
    const deadline = startDeadline(time.clock, 3000, parent.signal);
    const reason = new Error('left');
    parent.abort(reason);
    assert.equal(deadline.signal.reason, reason);
    await time.advance(5000);
    assert.equal(deadline.isOver, false);
    assert.equal(deadline.signal.reason, reason);
  });

  it('is aborted from the start if its parent is aborted', () => {
    const time = new FakeClock();
    const reason = new Error('left');
    const deadline = startDeadline(time.clock, 3000, AbortSignal.abort(reason));
    assert.equal(deadline.signal.reason, reason);
    deadline.end();
    assert.equal(time.clock.pending, 0);
  });

  it('has no alarm or listener after end()', async () => {
    const time = new FakeClock();
    const parent = new AbortController();
    const deadline = startDeadline(time.clock, 3000, parent.signal);
    deadline.end();
    assert.equal(time.clock.pending, 0);
    parent.abort();
    await time.advance(5000);
    assert.equal(deadline.signal.aborted, false);
  });
});
