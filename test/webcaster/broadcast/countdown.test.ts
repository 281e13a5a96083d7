import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BroadcastHost } from '@gatecast/webcaster/internal/broadcast/broadcast-host';
import { Countdown } from '@gatecast/webcaster/internal/broadcast/countdown';
import { runCountdown } from '@gatecast/webcaster/internal/broadcast/run-countdown';
import { FakeClock } from '../../support/fake-clock.js';
import { until } from '../../support/wait.js';

function start(seconds: number) {
  const fake = new FakeClock();
  const ticks: number[] = [];
  const controller = new AbortController();
  const work = runCountdown({
    seconds,
    clock: fake.clock,
    signal: controller.signal,
    onTick: (remaining) => ticks.push(remaining),
  });
  return { fake, ticks, controller, work };
}

describe('a countdown', () => {
  it('tells each second, from the first one to zero', async () => {
    const { fake, ticks, work } = start(3);
    assert.deepEqual(ticks, [3]);
    await fake.advance(2999);
    assert.deepEqual(ticks, [3, 2, 1]);
    await fake.advance(1);
    assert.equal(await work, true);
    assert.deepEqual([ticks, fake.clock.pending], [[3, 2, 1, 0], 0]);
  });

  it('ends on time by the wall clock when the page was frozen for a second', async () => {
    const { fake, ticks, work } = start(5);
    fake.sleep(3500);
    await fake.wake('visible');
    assert.equal(ticks.at(-1), 2, 'the seconds of the sleep are skipped');
    await fake.advance(1500);
    assert.equal(await work, true);
  });

  it('does not go live when the device slept over the end', async () => {
    const { fake, ticks, work } = start(5);
    fake.sleep(60_000);
    await fake.wake('visible');
    assert.equal(await work, false);
    assert.deepEqual(ticks, [5]);
    assert.equal(fake.clock.pending, 0);
  });

  it('ends with its signal, without a timer', async () => {
    const { fake, controller, work } = start(5);
    const outcome = assert.rejects(work, { name: 'AbortError' });
    controller.abort(new DOMException('Stopped.', 'AbortError'));
    await outcome;
    assert.equal(fake.clock.pending, 0);
  });
});

describe('the countdown of a start', () => {
  const host = (countdown: number) =>
    Object.assign(new EventTarget(), {
      countdown,
      requestUpdate: () => undefined,
    }) as Partial<BroadcastHost> as BroadcastHost;

  it('ends with the refusal of a token', async () => {
    const fake = new FakeClock();
    const countdown = new Countdown(host(30), fake.clock);
    const { signal } = new AbortController();
    await assert.rejects(
      countdown.run(signal, () => Promise.reject(new Error('refused'))),
      /refused/,
    );
    await fake.advance(2000);
    assert.deepEqual([countdown.remaining, fake.clock.pending], [null, 0]);
  });

  it('ends with the access that ends while it runs, and refuses no end when none runs', async () => {
    const fake = new FakeClock();
    const countdown = new Countdown(host(600), fake.clock);
    assert.equal(countdown.fail(new Error('early')), false);
    const outcome = assert.rejects(
      countdown.run(new AbortController().signal, () => Promise.resolve()),
      /revoked/,
    );
    await until(() => countdown.remaining !== null, 'the first second');
    assert.equal(countdown.fail(new Error('revoked')), true);
    await outcome;
    assert.deepEqual([countdown.remaining, fake.clock.pending], [null, 0]);
    assert.equal(countdown.fail(new Error('late')), false);
  });

  it('reads any number of an attribute, and does not run without one', async () => {
    const fake = new FakeClock();
    const seconds = [NaN, -3, 2.4, 1e9].map((value) => new Countdown(host(value), fake.clock).seconds);
    assert.deepEqual(seconds, [0, 0, 2, 600]);
    assert.equal(
      await new Countdown(host(0), fake.clock).run(new AbortController().signal, () =>
        Promise.reject(new Error('It ran.')),
      ),
      true,
    );
  });
});
