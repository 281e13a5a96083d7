import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDelay } from '../../demo/player/describe-delay.js';

const seekable = (...ends: readonly number[]): TimeRanges => ({
  length: ends.length,
  start: () => 0,
  end: (index) => ends[index] ?? Number.NaN,
});

describe('the delay to the live edge', () => {
  const live = { streamType: 'live', seekable: seekable(60), currentTime: 54.5 } as const;

  it('is shown while a live stream plays or is paused', () => {
    assert.equal(describeDelay(live, 'playing'), '5.5 s');
    assert.equal(describeDelay(live, 'paused'), '5.5 s');
    assert.equal(describeDelay({ ...live, currentTime: 61 }, 'playing'), '0.0 s');
  });

  it('is not shown while playback stands still or has not started: the edge does not move then', () => {
    for (const state of ['starting', 'stalled', 'failed'] as const)
      assert.equal(describeDelay({ ...live, currentTime: 60 }, state), '–');
    assert.equal(describeDelay({ ...live, seekable: seekable() }, 'playing'), '–');
    assert.equal(describeDelay(null, 'playing'), '–');
  });

  it('is not shown on demand, also after a live stream', () => {
    assert.equal(describeDelay({ ...live, streamType: 'on-demand' }, 'playing'), '–');
    assert.equal(describeDelay({ ...live, streamType: 'unknown' }, 'playing'), '–');
  });
});
