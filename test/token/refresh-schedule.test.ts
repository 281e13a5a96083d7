import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  refreshAtMs,
  refreshLeadMs,
  type RefreshTiming,
} from '@gatecast/token/internal/manager/refresh-schedule';
import fc from 'fast-check';

const timing = fc.record<RefreshTiming>({
  receivedAtMs: fc.integer({ min: 0, max: 4e12 }),
  expiresAtMs: fc.integer({ min: 0, max: 4e12 }),
  leadMs: fc.oneof(fc.integer({ min: -1000, max: 1e9 }), fc.constant(Infinity)),
  isSteady: fc.boolean(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const living = timing.map((each) => ({ ...each, expiresAtMs: each.receivedAtMs + (each.expiresAtMs % 4e9) }));

describe('refresh lead', () => {
  it('is the configured one, at most a quarter of the lifetime, never negative', () => {
    assert.equal(refreshLeadMs(3_600_000, 60_000), 60_000);
    assert.equal(refreshLeadMs(30_000, 60_000), 7500);
    assert.equal(refreshLeadMs(6000, Infinity), 1500);
    assert.equal(refreshLeadMs(6000, 0), 0);
    assert.equal(refreshLeadMs(6000, -5), 0);
    assert.equal(refreshLeadMs(-6000, 60_000), 0);
  });
});

describe('refresh schedule', () => {
  it('is never later than the lead before the expiry, except for lifetimes of about a second', () => {
    fc.assert(
      fc.property(living, (each) => {
        const latestMs = each.expiresAtMs - refreshLeadMs(each.expiresAtMs - each.receivedAtMs, each.leadMs);
        assert.ok(refreshAtMs(each) <= Math.max(latestMs, each.receivedAtMs + 1000));
      }),
    );
  });

  it('is never earlier than a fifth of the span, or nine tenths for later refreshes and short lifetimes', () => {
    fc.assert(
      fc.property(living, (each) => {
        const lifeMs = each.expiresAtMs - each.receivedAtMs;
        const spanMs = lifeMs - refreshLeadMs(lifeMs, each.leadMs);
        const least = each.isSteady || lifeMs < 120_000 ? 0.9 : 0.2;
        assert.ok(refreshAtMs(each) >= each.receivedAtMs + spanMs * least - 1);
      }),
    );
  });

  it('is never sooner than a second after the arrival, also for an expired token', () => {
    fc.assert(fc.property(timing, (each) => refreshAtMs(each) >= each.receivedAtMs + 1000));
  });

  it('spreads clients that started together evenly over the span', () => {
    const at = (random: number) =>
      refreshAtMs({ receivedAtMs: 0, expiresAtMs: 3_600_000, leadMs: 60_000, isSteady: false, random });
    assert.equal(at(0), 3_540_000);
    assert.ok(at(0.999) < 720_000);
    assert.ok(Math.abs(at(0.5) - 2_124_000) < 1);
  });
});
