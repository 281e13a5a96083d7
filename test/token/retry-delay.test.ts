import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retryDelayMs, type RetryAttempt } from '@gatecast/token';
import fc from 'fast-check';

const attempt = fc.record<RetryAttempt>({
  attempt: fc.integer({ min: 1, max: 5000 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  retryAfterMs: fc.option(
    fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.constantFrom(Infinity, Number.NaN, -5)),
    { nil: undefined },
  ),
  remainingLifeMs: fc.oneof(fc.integer({ min: -1000, max: 1e9 }), fc.constant(Infinity)),
});

describe('retry policy', () => {
  it('always waits, within the limits', () => {
    fc.assert(
      fc.property(attempt, (each) => {
        const delayMs = retryDelayMs(each);
        assert.ok(delayMs >= 200 && delayMs <= 601_000);
        if (each.retryAfterMs === undefined) assert.ok(delayMs <= 30_000);
      }),
    );
  });

  it('doubles its ceiling from one second to thirty, with full jitter below', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      Math.round(retryDelayMs({ attempt: n, random: 1, remainingLifeMs: 0 })),
    );
    assert.deepEqual(ceilings, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.equal(retryDelayMs({ attempt: 5, random: 0.5, remainingLifeMs: 0 }), 8000);
    assert.equal(retryDelayMs({ attempt: 5, random: 0, remainingLifeMs: 0 }), 200);
  });

  it('waits at most a quarter of the remaining lifetime of the old token', () => {
    fc.assert(
      fc.property(attempt, ({ retryAfterMs: _, ...each }) => {
        const { remainingLifeMs } = each;
        if (remainingLifeMs > 0) assert.ok(retryDelayMs(each) <= Math.max(200, remainingLifeMs / 4));
      }),
    );
  });

  it('never retries before Retry-After, up to ten minutes', () => {
    fc.assert(
      fc.property(attempt, (each) => {
        const { retryAfterMs = 0 } = each;
        if (!Number.isNaN(retryAfterMs)) assert.ok(retryDelayMs(each) >= Math.min(retryAfterMs, 600_000));
      }),
    );
  });

  it('keeps its backoff with Retry-After: 0', () => {
    assert.ok(retryDelayMs({ attempt: 6, random: 0.5, retryAfterMs: 0, remainingLifeMs: 0 }) >= 10_000);
    assert.ok(retryDelayMs({ attempt: 6, random: 0, retryAfterMs: 0, remainingLifeMs: 0 }) >= 200);
  });
});
