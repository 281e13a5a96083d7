import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retryDelayMs, type RetryAttempt } from '@gatecast/token';
import fc from 'fast-check';
import { seededRandom } from '../support/fake-token-backend.js';

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
        assert.ok(delayMs >= 1000 && delayMs <= 601_000);
        if (each.retryAfterMs === undefined) assert.ok(delayMs <= 30_000);
      }),
    );
  });

  it('makes 13 attempts in the first minute of an outage, and 12 in the next', () => {
    const random = seededRandom(3);
    const counts = { first: 0, second: 0 };
    const clients = 2000;
    for (let client = 0; client < clients; client += 1) {
      for (let atMs = 0, number = 1; atMs < 120_000; number += 1) {
        counts[atMs < 60_000 ? 'first' : 'second'] += 1 / clients;
        atMs += retryDelayMs({ attempt: number, random: random(), remainingLifeMs: 0 });
      }
    }
    assert.deepEqual([counts.first, counts.second].map(Math.round), [13, 12]);
  });

  it('waits at most 5.5 s while nobody can play, and doubles that after two minutes, up to 30 s', () => {
    const longest = (number: number) => retryDelayMs({ attempt: number, random: 1, remainingLifeMs: 0 });
    assert.deepEqual(
      [1, 2, 3, 26, 27, 28, 29, 5000].map(longest),
      [3000, 5000, 5500, 5500, 11_000, 22_000, 30_000, 30_000],
    );
    assert.equal(retryDelayMs({ attempt: 3, random: 0, remainingLifeMs: 0 }), 4500);
  });

  it('asks an origin at most 20 times a minute, and waits at most 4 s', () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 5000].map((number) => retryDelayMs({ attempt: number, random, service: 'origin' }));
    assert.deepEqual(waits(1), [1000, 2000, 4000, 4000, 4000]);
    assert.deepEqual(waits(0), [500, 1000, 2500, 2500, 2500]);
    const capped = { attempt: 1, random: 0, retryAfterMs: 600_000, service: 'origin' } as const;
    assert.equal(retryDelayMs(capped), 60_000);
  });

  it('waits at most a quarter of the remaining lifetime of the old token, or 2 s', () => {
    fc.assert(
      fc.property(attempt, ({ retryAfterMs: _, ...each }) => {
        const { remainingLifeMs = 0 } = each;
        if (remainingLifeMs > 0) assert.ok(retryDelayMs(each) <= Math.max(2000, remainingLifeMs / 4));
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
    assert.ok(retryDelayMs({ attempt: 6, random: 0, retryAfterMs: 0, remainingLifeMs: 0 }) >= 4500);
  });
});
