import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coresNeeded, simulateCrowd } from '../bench/crowd.js';

describe('a million viewers who start within ten seconds', () => {
  const figures = simulateCrowd();

  it('refresh at different times: after the first refresh the peak is at most 1.3 times the mean', () => {
    assert.ok(figures.peakToMean <= 1.3, `the peak is ${figures.peakToMean} of the mean`);
  });

  it('all refresh before their token expires', () => {
    assert.ok(figures.steadyFromSecond < 310, `the last renews in second ${figures.steadyFromSecond}`);
    const requests = figures.perSecond.reduce((sum, count) => sum + count, 0);
    assert.ok(requests > 7 * figures.viewers, 'viewers got lost');
  });

  it('give the number of cores that each algorithm needs', () => {
    const [needed] = coresNeeded(figures, { RS256: figures.steadyPeak / 2 });
    assert.deepEqual(needed, {
      alg: 'RS256',
      steady: 2,
      start: Math.ceil(figures.startPeak / (figures.steadyPeak / 2)),
    });
  });
});
