import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delay, type WakeReason } from '@gatecast/token';
import { createClock } from '@gatecast/token/internal/time/clock';
import { FakeClock, settle } from '../support/fake-clock.js';
import { uncaught } from '../support/uncaught.js';

const HOUR_MS = 3_600_000;

describe('clock', () => {
  it('calls back once when the deadline is reached, not before', async () => {
    const time = new FakeClock();
    let calls = 0;
    time.clock.at(time.clock.now() + 2500, () => calls++);
    await time.advance(2499);
    assert.equal(calls, 0);
    await time.advance(1);
    assert.equal(calls, 1);
    await time.advance(HOUR_MS);
    assert.equal(calls, 1);
    assert.equal(time.clock.pending, 0);
    assert.equal(time.timerCount, 0);
  });

  it('sets no timer for longer than a second, even for a deadline in a year', async () => {
    const time = new FakeClock();
    let calls = 0;
    const cancel = time.clock.at(time.clock.now() + 365 * 24 * HOUR_MS, () => calls++);
    await time.advance(60_000);
    assert.equal(calls, 0);
    assert.ok(time.delaysMs.every((delayMs) => delayMs <= 1000));
    assert.ok(time.delaysMs.length < 70, 'one timer a second');
    cancel();
  });

  it('keeps one timer for any number of alarms and fires them in any order of registration', async () => {
    const time = new FakeClock();
    const fired: number[] = [];
    const nowMs = time.clock.now();
    for (const ms of [300, 100, 200]) time.clock.at(nowMs + ms, () => fired.push(ms));
    assert.equal(time.timerCount, 1);
    await time.advance(300);
    assert.deepEqual(fired, [100, 200, 300]);
  });

  it('calls back immediately for a deadline in the past', async () => {
    const time = new FakeClock();
    let calls = 0;
    time.clock.at(time.clock.now() - 5000, () => calls++);
    assert.equal(calls, 0, 'never inside the call itself');
    await time.advance(0);
    assert.equal(calls, 1);
  });

  it('counts sleep as elapsed time', async () => {
    const time = new FakeClock();
    let calls = 0;
    const beforeMs = time.clock.now();
    time.clock.at(beforeMs + HOUR_MS, () => calls++);
    time.sleep(2 * HOUR_MS);
    assert.equal(time.clock.now(), beforeMs + 2 * HOUR_MS);
    await time.advance(1000);
    assert.equal(calls, 1);
  });

  it('adds up short sleeps that each look like drift', () => {
    const time = new FakeClock();
    const beforeMs = time.clock.now();
    for (let nap = 0; nap < 10; nap += 1) {
      time.sleep(900);
      time.clock.now();
    }
    assert.ok(time.clock.now() - beforeMs >= 8000);
  });

  it('continues from its last time when the wall clock is set back', async () => {
    const time = new FakeClock();
    let calls = 0;
    const beforeMs = time.clock.now();
    time.clock.at(beforeMs + 5000, () => calls++);
    await time.advance(2000);
    time.setWall(-HOUR_MS);
    assert.equal(time.clock.now(), beforeMs + 2000);
    await time.advance(3000);
    assert.equal(calls, 1);
    assert.equal(time.clock.now(), beforeMs + 5000);
  });

  it('never runs backwards when the wall clock changes', async () => {
    const time = new FakeClock();
    let lastMs = time.clock.now();
    for (const byMs of [-500, 400, -HOUR_MS, HOUR_MS, -999, 1001, -1001]) {
      time.setWall(byMs);
      await time.advance(10);
      assert.ok(time.clock.now() >= lastMs);
      lastMs = time.clock.now();
    }
  });

  it('fires late rather than never when timers are throttled', async () => {
    const time = new FakeClock();
    let calls = 0;
    time.clock.at(time.clock.now() + 5000, () => calls++);
    await time.throttle(60_000);
    assert.equal(calls, 1);
  });

  for (const reason of ['visible', 'pageshow', 'online'] as const) {
    it(`checks its deadlines on ${reason}, before any timer`, async () => {
      const time = new FakeClock();
      let calls = 0;
      time.clock.at(time.clock.now() + 5000, () => calls++);
      time.sleep(6000);
      await time.wake(reason);
      assert.equal(calls, 1);
    });
  }

  it('reports the wake reason, and no wake when the page is hidden or reloaded', async () => {
    const time = new FakeClock();
    const reasons: WakeReason[] = [];
    const cancel = time.clock.onWake((reason) => reasons.push(reason));
    time.document.visibilityState = 'hidden';
    await time.wake('visible');
    time.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    assert.deepEqual(reasons, []);
    time.document.visibilityState = 'visible';
    await time.wake('visible');
    await time.wake('pageshow');
    await time.wake('online');
    assert.deepEqual(reasons, ['visible', 'pageshow', 'online']);
    cancel();
    await time.wake('online');
    assert.equal(reasons.length, 3);
  });

  it('has no timer or listener after the last cancel', () => {
    const time = new FakeClock();
    const count = countListeners([time.document, time.window]);
    const clock = createClock(time.options);
    const cancels = [
      clock.at(clock.now() + 10, () => undefined),
      clock.at(clock.now() + 20, () => undefined),
      clock.onWake(() => undefined),
    ];
    assert.equal(clock.pending, 3);
    assert.equal(count(), 3);
    for (const cancel of cancels) {
      cancel();
      cancel();
    }
    assert.equal(clock.pending, 0);
    assert.equal(time.timerCount, 0);
    assert.equal(count(), 0);
  });

  it('works without a document', () => {
    const { document: _document, window: _window, ...primitives } = new FakeClock().options;
    const clock = createClock(primitives);
    const cancel = clock.onWake(() => undefined);
    assert.equal(clock.pending, 1);
    cancel();
    assert.equal(clock.pending, 0);
  });

  it('lets an alarm set and cancel other alarms', async () => {
    const time = new FakeClock();
    const fired: string[] = [];
    const nowMs = time.clock.now();
    time.clock.at(nowMs + 100, () => {
      fired.push('first');
      cancelSecond();
      time.clock.at(nowMs + 150, () => fired.push('third'));
    });
    const cancelSecond = time.clock.at(nowMs + 100, () => fired.push('second'));
    await time.advance(200);
    assert.deepEqual(fired, ['first', 'third']);
  });

  it('keeps the other alarms and wakers going when one throws', async () => {
    const time = new FakeClock();
    const fired: string[] = [];
    const nowMs = time.clock.now();
    const errors = await uncaught(async () => {
      time.clock.at(nowMs + 100, () => {
        throw new Error('first');
      });
      time.clock.at(nowMs + 100, () => fired.push('second'));
      time.clock.at(nowMs + 200, () => fired.push('third'));
      time.clock.onWake(() => {
        throw new Error('waker');
      });
      time.clock.onWake(() => fired.push('other waker'));
      await time.advance(300);
      await time.wake('online');
    });
    assert.deepEqual(fired, ['second', 'third', 'other waker']);
    assert.deepEqual(errors, ['first', 'waker']);
  });

  it('refuses a deadline that is not a number, which would fire its timer forever', () => {
    const time = new FakeClock();
    assert.throws(() => time.clock.at(Number.NaN, () => undefined), TypeError);
    assert.equal(time.clock.pending, 0);
  });
});

describe('delay', () => {
  it('resolves after its time', async () => {
    const time = new FakeClock();
    let isOver = false;
    void delay(time.clock, 1500).then(() => (isOver = true));
    await time.advance(1499);
    assert.equal(isOver, false);
    await time.advance(1);
    assert.equal(isOver, true);
  });

  it('rejects with the reason of its signal and leaves nothing pending', async () => {
    const time = new FakeClock();
    const controller = new AbortController();
    const waiting = delay(time.clock, 1500, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    assert.equal(time.clock.pending, 0);
    await assert.rejects(delay(time.clock, 10, controller.signal), reason);
    assert.equal(time.clock.pending, 0);
    await settle();
  });
});

/** Counts what is listening on some targets from now on. */
function countListeners(targets: readonly EventTarget[]): () => number {
  const signals: AbortSignal[] = [];
  for (const target of targets) {
    const add = target.addEventListener.bind(target);
    target.addEventListener = (
      type: string,
      listener: unknown,
      options?: AddEventListenerOptions | boolean,
    ) => {
      assert.ok(typeof options === 'object' && options.signal, 'a listener must have a signal');
      signals.push(options.signal);
      add(type, listener as EventListener, options);
    };
  }
  return () => signals.filter((signal) => !signal.aborted).length;
}
