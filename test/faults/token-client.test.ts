import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointSource, TokenManager } from '@gatecast/token';
import { demoKeys } from '../../demo/backend/tokens/token-keys.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { seededRandom } from '../support/fake-token-backend.js';
import type { FaultCase } from './cases/fault-case.js';
import { tokenEndpointCases } from './cases/token-cases.js';
import { FaultSwitch } from './origin/fault-switch.js';
import { countRequests, type RequestRecord } from './origin/request-record.js';
import { StrictTokenEndpoint } from './origin/strict-token-endpoint.js';

const pageOrigin = 'https://page.example';
const stepMs = 250;
/** The first request of an outage, and twelve more. */
const perMinute = 13;
/** The longest wait between two attempts, `Retry-After` of the fault with its jitter, and one step. */
const backWithinMs = 5_500 + stepMs;

/** A token client on the endpoint of the matrix, without a network: `reset` and `hang` are made here. */
async function createClient(faultCase: FaultCase, seed: number, ttlSeconds: number) {
  const time = new FakeClock();
  const now = (): number => time.wallMs;
  const faults = new FaultSwitch(faultCase.faults, now);
  const records: RequestRecord[] = [];
  const endpoint = new StrictTokenEndpoint({
    keys: await demoKeys(),
    pageOrigin,
    stream: 'a',
    ttlSeconds,
    faults,
    now,
    record: (request) => {
      records.push(request);
    },
  });
  const kind = faultCase.faults[0]?.does.kind;
  const open = new Set<Request>();
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    request.headers.set('Origin', pageOrigin);
    if (faults.isActing && (kind === 'reset' || kind === 'hang')) {
      records.push({ atMs: now(), kind: 'tokens' });
      if (kind === 'reset') throw new TypeError('Failed to fetch');
      return untilAborted(request.signal);
    }
    // Signing takes real time, in which the clock of the test must not move.
    open.add(request);
    try {
      return await endpoint.fetch(request, {});
    } finally {
      open.delete(request);
    }
  };
  const source = endpointSource({ url: `${pageOrigin}/tokens`, fetch, clock: time.clock });
  const manager = new TokenManager({
    source,
    purpose: 'playback',
    clock: time.clock,
    random: seededRandom(seed),
  });
  const lease = manager.lease({ streams: ['a'] });
  const pass = async (ms: number): Promise<void> => {
    for (let spent = 0; spent < ms; spent += stepMs) {
      await time.advance(stepMs);
      // Bodies of responses are read in several turns of the event loop.
      for (let turn = 0; turn < 8 || open.size > 0; turn += 1) await settle();
    }
  };
  return { time, faults, records, manager, lease, pass };
}

function untilAborted(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
  });
}

/** Only an origin can refuse a text that looks like an opaque token. A fault of one answer only is over at once. */
const lasting = tokenEndpointCases.filter(
  ({ when, faults }) =>
    when === 'playing' && faults.every((fault) => !('requests' in fault) && fault.does.kind !== 'text'),
);

describe('token client under the faults of the matrix, by a clock of the test', () => {
  const runs = lasting.flatMap((faultCase) => {
    const ttlSeconds = faultCase.tokenTtlSeconds ?? 60;
    // A cache may repeat a response for longer than its token lives, or for a shorter time.
    const lives = faultCase.name === 'tokens-same' ? [ttlSeconds, 60] : [ttlSeconds];
    return lives.map((life) => [faultCase, life] as const);
  });
  for (const [faultCase, ttlSeconds] of runs) {
    for (const outageMs of [15_000, 60_000, 180_000]) {
      const seconds = outageMs / 1000;
      it(`${faultCase.name} for ${seconds} s, tokens of ${ttlSeconds} s: at most ${perMinute} requests a minute, and a token soon after`, async () => {
        for (const seed of [1, 2, 3]) {
          const { time, faults, records, manager, lease, pass } = await createClient(
            faultCase,
            seed,
            ttlSeconds,
          );
          manager.get('a').catch(() => undefined);
          await pass(4_000);
          assert.equal(manager.status('a').state, 'fresh');
          faults.begin();
          const beganAtMs = time.wallMs;
          await pass(outageMs);
          faults.end();
          const endedAtMs = time.wallMs;
          const isBack = (): boolean => {
            const { state, expiresAtMs } = manager.status('a');
            return state === 'fresh' && (expiresAtMs ?? 0) > time.wallMs;
          };
          const limitMs = seconds > 120 ? 32_000 : backWithinMs;
          while (!isBack() && time.wallMs - endedAtMs < 120_000) await pass(stepMs);
          const tookMs = time.wallMs - endedAtMs;
          assert.ok(tookMs <= limitMs, `a token ${tookMs} ms after the outage (seed ${seed})`);
          const figures = countRequests(records, 'tokens', { beganAtMs, endedAtMs });
          assert.ok(
            figures.perMinute <= perMinute,
            `${figures.perMinute} requests in a minute (seed ${seed})`,
          );
          lease.release();
        }
      });
    }
  }
});
