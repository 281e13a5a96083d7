import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameTicks } from '@gatecast/webcaster/internal/composition/frame-ticks';
import { FakeClock } from '../../support/fake-clock.js';

function start(framerate: number) {
  const time = new FakeClock();
  const at: number[] = [];
  const startMs = time.wallMs;
  const ticks = new FrameTicks({
    clock: time.clock,
    framerate,
    hasHints: true,
    onTick: () => at.push(time.wallMs - startMs),
  });
  return { time, at, ticks };
}

describe('FrameTicks', () => {
  it('follows a source, at most at the frame rate', async () => {
    const { time, at, ticks } = start(25);
    // A source of 50 frames a second.
    for (let count = 0; count < 50; count += 1) {
      ticks.hint();
      await time.advance(20);
    }
    ticks.stop();
    assert.ok(at.length >= 24 && at.length <= 27, `${String(at.length)} frames in a second`);
  });

  it('loses no frame of a source that is a little early or late', async () => {
    const { time, at, ticks } = start(25);
    for (const waitMs of [40, 36, 44, 35, 45, 40]) {
      ticks.hint();
      await time.advance(waitMs);
    }
    ticks.stop();
    assert.equal(at.length, 6);
  });

  it('repeats a still picture five times a second, and stops', async () => {
    const { time, at, ticks } = start(30);
    await time.advance(1000);
    assert.equal(at.length, 5);
    ticks.stop();
    await time.advance(1000);
    ticks.hint();
    ticks.now();
    assert.deepEqual([at.length, time.timerCount], [5, 0]);
  });
});
