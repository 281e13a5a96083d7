import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MediaSampler } from '@gatecast/player/internal/playback/watch/media-sampler';
import { watchProgress } from '@gatecast/player/internal/playback/watch/stall-watchdog';
import { FakeClock } from '../support/fake-clock.js';

const LIMIT_S = 15;

describe('watchProgress', () => {
  let fake: FakeClock;
  let life: AbortController;
  let media: { currentTime: number; paused: boolean; ended: boolean };
  let stalls: number;
  let advances: number;
  let settled: number;

  beforeEach(() => {
    fake = new FakeClock();
    life = new AbortController();
    media = { currentTime: 100, paused: false, ended: false };
    stalls = 0;
    advances = 0;
    settled = 0;
    watchProgress({
      sampler: new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock }),
      limitMs: LIMIT_S * 1000,
      onStalled: () => {
        stalls += 1;
      },
      onProgress: () => {
        advances += 1;
      },
      onSettled: () => {
        settled += 1;
      },
    });
  });

  afterEach(() => {
    life.abort();
    assert.equal(fake.clock.pending, 0, 'alarms left behind');
  });

  async function pass(seconds: number, movesBy = 0): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      media.currentTime += movesBy;
      await fake.advance(1000);
    }
  }

  it('reports a standstill after the limit, and again after another', async () => {
    await pass(LIMIT_S - 1);
    assert.equal(stalls, 0);
    await pass(1);
    assert.equal(stalls, 1);
    await pass(LIMIT_S);
    assert.equal(stalls, 2);
  });

  it('reports each sample at which media time advanced', async () => {
    await pass(5, 1);
    assert.deepEqual([advances, stalls], [5, 0]);
  });

  it('counts a jump back as movement, not as progress', async () => {
    await pass(LIMIT_S - 1);
    await pass(1, -100);
    await pass(LIMIT_S - 1);
    assert.deepEqual([advances, stalls], [0, 0]);
  });

  it('does not count time while playback is paused or has ended', async () => {
    for (const state of [{ paused: true }, { ended: true }]) {
      Object.assign(media, { paused: false, ended: false }, state);
      await pass(3 * LIMIT_S);
    }
    assert.equal(stalls, 0);
  });

  it('does not count time that the page slept or was throttled', async () => {
    await pass(LIMIT_S - 1);
    fake.sleep(60_000);
    await pass(2);
    assert.equal(stalls, 0);
    await fake.throttle(60_000);
    await pass(LIMIT_S - 2);
    assert.equal(stalls, 0);
  });

  it('reports once that playback has settled: with the first progress, or paused for half a minute', async () => {
    await pass(5);
    assert.equal(settled, 0);
    await pass(5, 1);
    assert.equal(settled, 1);
  });

  it('reports that a player which never plays has settled, once it has been paused for half a minute', async () => {
    media.paused = true;
    await pass(29);
    assert.equal(settled, 0);
    await pass(60);
    assert.equal(settled, 1);
  });

  it('samples with one timer, and with none after the end', async () => {
    await pass(3);
    assert.equal(fake.timerCount, 1);
    life.abort();
    assert.equal(fake.timerCount, 0);
    await pass(3 * LIMIT_S);
    assert.equal(stalls, 0);
  });
});
