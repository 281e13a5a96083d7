import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customSource, endpointSource, TokenManager } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { seededRandom } from '../support/fake-token-backend.js';

const LIFE_MS = 30_000;

/** A backend that issues tokens of 30 s until it is down, for each way to ask it. */
const doors = { 'token-url': endpoint, tokenSource: custom };
type Fetch = () => Promise<Response>;

function endpoint(fetch: Fetch, { clock }: FakeClock) {
  return endpointSource({ url: 'https://shop.example/api/tokens', clock, fetch });
}

function custom(fetch: Fetch, { clock }: FakeClock) {
  return customSource(fetch, { clock });
}

const failures: Record<string, Fetch> = {
  'gives no answer': () => Promise.reject(new TypeError('Failed to fetch')),
  'answers 503': () => Promise.resolve(new Response('', { status: 503 })),
  'answers 500 with Retry-After: 0': () =>
    Promise.resolve(new Response('', { status: 500, headers: { 'Retry-After': '0' } })),
};

/** The most requests in any span of this length that begins and ends in the given time. */
function mostIn(spanMs: number, timesMs: readonly number[], fromMs: number, toMs: number): number {
  const inside = timesMs.filter((each) => each >= fromMs && each < toMs);
  return Math.max(
    0,
    ...inside.map((from) => inside.filter((each) => each >= from && each < from + spanMs).length),
  );
}

describe('requests of a manager whose backend is down', () => {
  for (const [door, open] of Object.entries(doors)) {
    for (const [name, fail] of Object.entries(failures)) {
      it(`have waits before, at and after the end of the token: ${door}, which ${name}`, async () => {
        for (let seed = 1; seed <= 5; seed += 1) {
          const time = new FakeClock();
          const startMs = time.wallMs;
          const timesMs: number[] = [];
          let isDown = false;
          const fetch = () => {
            timesMs.push(time.wallMs - startMs);
            if (isDown) return fail();
            const seconds = Math.floor(time.wallMs / 1000);
            const token = { token: `token-${timesMs.length}`, expiresAt: seconds + LIFE_MS / 1000 };
            return Promise.resolve(Response.json({ ...token, serverTime: seconds }));
          };
          const source = open(fetch, time);
          const random = seededRandom(seed);
          const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random });
          manager.lease({ streams: ['a'] });
          const first = manager.get('a');
          await time.advance(10);
          await first;
          isDown = true;
          // A player asks for each of its requests, ten times a second here.
          for (let step = 0; step < 900; step += 1) {
            void manager.get('a').catch(() => undefined);
            await time.advance(100);
          }
          const phases = {
            before: [0, 26],
            'shortly before': [26, 30],
            at: [28, 33],
            after: [30, 90],
          } as const;
          for (const [phase, [from, to]] of Object.entries(phases)) {
            const most = mostIn(1800, timesMs, from * 1000, to * 1000);
            assert.ok(most <= 2, `${phase} the end: ${most} requests in 1.8 s, seed ${seed}`);
          }
          assert.ok(mostIn(60_000, timesMs, 0, 90_000) <= 13);
          assert.ok(timesMs.length > 5, 'it goes on trying');
        }
      });
    }
  }
});
