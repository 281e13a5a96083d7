import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SharedStart } from '@gatecast/webcaster/internal/broadcast/shared-start';

describe('the start of a broadcast', () => {
  /** Starts that end when the test lets them. */
  function setUp() {
    const ends: (() => void)[] = [];
    const start = new SharedStart();
    const join = () => start.join(() => new Promise((resolve) => ends.push(resolve)));
    return { ends, start, join };
  }

  it('is shared by all calls that come before its end', async () => {
    const { ends, join } = setUp();
    const first = join();
    assert.equal(join(), first);
    ends[0]?.();
    await first;
    const second = join();
    assert.equal(ends.length, 2);
    ends[1]?.();
    await second;
  });

  it('is still shared when an earlier one that was stopped ends during it', async () => {
    const { ends, start, join } = setUp();
    const stopped = join();
    start.forget();
    const next = join();
    assert.notEqual(next, stopped);
    ends[0]?.();
    await stopped;
    assert.equal(join(), next);
    assert.equal(ends.length, 2);
    ends[1]?.();
    await next;
  });

  it('may be stopped, or asked for again, while it begins', async () => {
    const { start, join } = setUp();
    let within: Promise<void> | undefined;
    const stopped = start.join(() => {
      within = start.join(() => Promise.reject(new Error('It runs already.')));
      start.forget();
      return Promise.resolve();
    });
    assert.equal(within, stopped);
    const next = join();
    assert.notEqual(next, stopped);
    await stopped;
    assert.equal(join(), next);
    start.forget();
  });

  it('begins another time after a failure', async () => {
    const { start, join } = setUp();
    await assert.rejects(
      start.join(() => Promise.reject(new Error('No.'))),
      /No\./,
    );
    void join();
    start.forget();
  });
});
