import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeClock, encodeClock } from '../../demo/shared/broadcast/clock-strip.js';
import { medianOf } from '../../demo/shared/broadcast/delay-meter.js';
import { describeStatistics, statisticFacts } from '../../demo/shared/broadcast/describe-statistics.js';

const NOW = 1_796_000_000_123;

/** The cells as a compressed picture has them: not quite black and white. */
const shown = (timeMs: number): number[] =>
  encodeClock(timeMs).map((isLight, at) => (isLight ? 225 : 20) + at);

describe('the clock in the picture', () => {
  it('is read as it was drawn, also after the counter began again', () => {
    for (const delayMs of [0, 1, 33, 180, 4_000, 600_000]) {
      assert.equal(decodeClock(shown(NOW - delayMs), NOW), NOW - delayMs);
    }
    const begin = Math.ceil(NOW / 2 ** 20) * 2 ** 20;
    assert.equal(decodeClock(shown(begin - 5), begin + 5), begin - 5);
  });

  it('is not read from other pictures', () => {
    const flat = (value: number): number[] => Array.from({ length: 24 }, () => value);
    for (const picture of [flat(0), flat(255), flat(128), []]) assert.equal(decodeClock(picture, NOW), null);
  });

  it('is not read if one cell is wrong or blurred', () => {
    const cells = shown(NOW);
    for (const at of cells.keys()) {
      const flipped = cells.with(at, (cells[at] ?? 0) > 128 ? 10 : 245);
      assert.equal(decodeClock(flipped, NOW), null, `cell ${String(at)}`);
      assert.equal(decodeClock(cells.with(at, 130), NOW), null);
    }
  });
});

describe('the line below a player', () => {
  it('has the median of the delays', () => {
    assert.equal(medianOf([900, 180, 170]), 180);
    assert.equal(medianOf([]), null);
  });

  it('has what WebRTC reports', () => {
    const statistics = { jitterMs: 2.4, lossPercent: 0, framesDropped: 3, kbps: null };
    assert.equal(
      describeStatistics({ playback: { engine: { statistics } } }),
      'jitter 2 ms · loss 0.0 % · 3 frames dropped',
    );
    assert.equal(describeStatistics({ playback: { engine: { statistics: null } } }), '');
    assert.equal(describeStatistics({ playback: null }), '');
    assert.deepEqual(statisticFacts({ playback: { engine: { statistics } } }).slice(2), [
      ['Jitter', '2 ms'],
      ['Packet loss', '0.0 %', false],
      ['Frames dropped', '3'],
      ['Connection', '–'],
    ]);
    assert.deepEqual(statisticFacts({ playback: { engine: {} } }), []);
  });
});
