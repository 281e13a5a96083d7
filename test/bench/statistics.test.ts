import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { median, quantile, round } from './statistics.js';

describe('statistics', () => {
  it('returns the median of an odd and of an even count, in any order', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([10, 1, 2, 4]), 3);
  });

  it('returns the minimum, the maximum and interpolated quantiles', () => {
    assert.equal(quantile([3, 1, 2], 0), 1);
    assert.equal(quantile([3, 1, 2], 1), 3);
    assert.equal(quantile([0, 10], 0.25), 2.5);
  });

  it('returns NaN for no values', () => {
    assert.ok(Number.isNaN(median([])));
  });

  it('rounds to the given digits', () => {
    assert.equal(round(1.256, 2), 1.26);
    assert.equal(round(1.5), 2);
  });
});
