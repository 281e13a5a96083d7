import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coresNeeded, simulateCrowd } from '../bench/crowd.js';
import { simulateOutage } from '../bench/outage.js';

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

describe('twenty thousand viewers in an outage of the token backend for a minute', () => {
  const viewers = 20_000;

  for (const tokenSeconds of [60, 300]) {
    it(`ask at most 13 times a minute each, and have tokens of ${tokenSeconds} s soon after it`, () => {
      const figures = simulateOutage({ viewers, tokenSeconds });
      assert.ok(figures.mostPerViewer <= 13, `${figures.mostPerViewer} requests of one viewer in a minute`);
      assert.ok(figures.withoutToken > 0, 'nobody lost a token');
      assert.ok(figures.back[2] <= 5.5, `the last has a token ${figures.back[2]} s after the outage`);
    });
  }

  it('do not come back in the same second', () => {
    const figures = simulateOutage({ viewers, tokenSeconds: 60 });
    assert.ok(figures.peakAfter < viewers / 4, `${figures.peakAfter} requests in a second`);
  });

  it('ask less while the backend sends Retry-After, or hangs', () => {
    const quick = simulateOutage({ viewers, tokenSeconds: 60 });
    for (const slower of [{ retryAfterSeconds: 10 }, { failsAfterMs: 10_000 }]) {
      const figures = simulateOutage({ viewers, tokenSeconds: 60, ...slower });
      assert.ok(figures.mostPerViewer <= 7, `${figures.mostPerViewer} requests of one viewer in a minute`);
      assert.ok(figures.peakDuring < quick.peakDuring / 2, 'the peak is not lower');
    }
  });
});
