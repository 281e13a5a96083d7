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

  it('aborts with its parent and its reason, and is not over then, however late it is ended', async () => {
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

  it('begins aborted under a parent that is aborted', () => {
    const time = new FakeClock();
    const reason = new Error('left');
    const deadline = startDeadline(time.clock, 3000, AbortSignal.abort(reason));
    assert.equal(deadline.signal.reason, reason);
    deadline.end();
    assert.equal(time.clock.pending, 0);
  });

  it('leaves no alarm and no listener when its work is done in time', async () => {
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
