import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNumericDate, looksLikeMilliseconds, toNumericDate } from '@gatecast/contract';

const NOW_MS = 1_708_457_000_500;

describe('NumericDate', () => {
  it('is a number of seconds since 1970, with or without a fraction', () => {
    for (const value of [0, 1_708_457_000, 1_708_457_000.5, 1e11]) {
      assert.equal(isNumericDate(value), true, String(value));
      assert.equal(looksLikeMilliseconds(value), false, String(value));
    }
  });

  it('is never a time in milliseconds, which looksLikeMilliseconds detects', () => {
    for (const value of [NOW_MS, 1e11 + 1]) {
      assert.equal(isNumericDate(value), false, String(value));
      assert.equal(looksLikeMilliseconds(value), true, String(value));
    }
  });

  it('is not text, a negative or infinite number, or another value', () => {
    for (const value of ['1708457000', -1, NaN, Infinity, -Infinity, null, undefined, {}, 1n]) {
      assert.equal(isNumericDate(value), false);
      assert.equal(looksLikeMilliseconds(value), false);
    }
  });

  it('is converted from milliseconds by rounding down', () => {
    assert.equal(toNumericDate(NOW_MS), 1_708_457_000);
    assert.equal(toNumericDate(NOW_MS + 499), 1_708_457_000);
    assert.equal(toNumericDate(NOW_MS + 500), 1_708_457_001);
  });
});
