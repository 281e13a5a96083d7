import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coresNeeded, simulateCrowd } from '../bench/crowd.js';

describe('a million viewers who start within ten seconds', () => {
  const figures = simulateCrowd();

  it('come back spread out: after the first refresh the peak stays within 1.3 of the mean', () => {
    assert.ok(figures.peakToMean <= 1.3, `the peak is ${figures.peakToMean} of the mean`);
  });

  it('all renew before their token ends', () => {
    assert.ok(figures.steadyFromSecond < 310, `the last renews in second ${figures.steadyFromSecond}`);
    const requests = figures.perSecond.reduce((sum, count) => sum + count, 0);
    assert.ok(requests > 7 * figures.viewers, 'viewers got lost');
  });

  it('tell how many cores an algorithm needs', () => {
    const [needed] = coresNeeded(figures, { RS256: figures.steadyPeak / 2 });
    assert.deepEqual(needed, {
      alg: 'RS256',
      steady: 2,
      start: Math.ceil(figures.startPeak / (figures.steadyPeak / 2)),
    });
  });
});
