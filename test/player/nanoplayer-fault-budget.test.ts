import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VENDOR_CODES } from '@gatecast/player/internal/engine/nanoplayer/vendor-codes';
import { createHandler, fail, play } from './support/failure-fixture.js';

describe('the budget of faults', () => {
  for (const [code, kind] of VENDOR_CODES) {
    for (const [outcome, playsMs] of [
      ['fails at once', 0],
      ['fails after a second of playback', 1000],
    ] as const) {
      it(`${code}, ${kind}, that ${outcome}: at most 2 tokens and 8 attempts in a minute`, async () => {
        // The shortest waits.
        const fixture = await createHandler({ random: 0.999 });
        play(fixture);
        const due: true[] = [];
        fixture.state.onUpdate = () => {
          due.push(true);
        };
        const minutes: [tokens: number, updates: number][] = [];
        await fail(fixture, code);
        for (let minute = 0; minute < 3; minute += 1) {
          const before = [fixture.count('token'), fixture.count('update')] as const;
          const endMs = fixture.time.clock.now() + 60_000;
          while (fixture.time.clock.now() < endMs) {
            await fixture.time.advance(100);
            if (due.splice(0).length === 0) continue;
            if (playsMs > 0) {
              play(fixture);
              await fixture.time.advance(playsMs);
            }
            await fail(fixture, code);
          }
          minutes.push([fixture.count('token') - before[0], fixture.count('update') - before[1]]);
        }
        for (const [tokens, updates] of minutes) {
          assert.ok(tokens <= 2, `${tokens} tokens in a minute`);
          assert.ok(updates <= 8, `${updates} attempts in a minute`);
        }
      });
    }
  }
});
