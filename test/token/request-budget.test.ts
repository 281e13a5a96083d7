import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, secretOf } from '@gatecast/token';
import { RequestBudget } from '@gatecast/token/internal/failure/request-budget';
import { settle } from '../support/fake-clock.js';
import { FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';

/** The most that any minute contains. */
const busiestMinute = (timesMs: readonly number[]): number =>
  Math.max(0, ...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + 60_000).length));

const statusError = (status: number) =>
  new GatecastError('token-endpoint-failed', `HTTP ${status}`, {
    hint: '',
    status,
    retryable: status >= 500,
  });

/** What a backend answers that does not help, one kind at a time. */
const faults: Record<string, FakeTokenBackend['answer']> = {
  'answers 503': () => Promise.reject(statusError(503)),
  'answers 404': () => Promise.reject(statusError(404)),
  'does not answer': () => new Promise(() => undefined),
  throws: () => Promise.reject(new Error('down')),
  'answers HTML': () => '<!doctype html><title>Sign in</title>',
  'answers nothing': () => ({}),
  'answers expired tokens': ({ streams, atMs }) => ({
    tokens: streams.map((stream) => ({
      stream,
      token: `old-${stream}`,
      expiresAt: Math.floor(atMs / 1000) - 5,
    })),
  }),
};

describe('the budget for requests', () => {
  it('allows three at once, and one more after each 5.5 s', () => {
    const budget = new RequestBudget();
    const sentMs: number[] = [];
    for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
      while (budget.waitMs(nowMs) === 0) {
        budget.spend(nowMs);
        sentMs.push(nowMs);
      }
    }
    assert.deepEqual(sentMs.slice(0, 5), [0, 0, 0, 5500, 11_000]);
    assert.equal(busiestMinute(sentMs), 13);
  });

  it('is full again when the service helps, and allows one request when the network is back', () => {
    const budget = new RequestBudget();
    for (let i = 0; i < 10; i += 1) budget.spend(0);
    assert.equal(budget.waitMs(0), 44_000);
    budget.allowOne(0);
    assert.equal(budget.waitMs(0), 0);
    budget.spend(0);
    assert.equal(budget.waitMs(0), 5500);
    budget.reset();
    assert.equal(budget.waitMs(0), 0);
  });
});

describe('a token manager in outages', () => {
  for (const lifeSeconds of [6, 60, 300])
    it(`asks at most 13 times a minute while an origin accepts playlists and refuses segments (${lifeSeconds} s)`, async () => {
      const backend = new FakeTokenBackend();
      const { time } = backend;
      backend.lifeSeconds = lifeSeconds;
      const manager = backend.manager(seededRandom(1));
      const lease = manager.lease({ streams: ['a'] });
      manager.get('a').catch(() => undefined);
      await time.advance(3000);
      const refusedFromMs = time.wallMs;
      for (let second = 0; second < 180; second += 1) {
        const accepted = manager.peek('a');
        if (accepted && second % 2 === 0) manager.accepted('a', accepted.version);
        // A refused segment is sent again with the new token, which is refused as well.
        const refused = manager.peek('a');
        if (refused)
          manager
            .rejected('a', refused.version, { maxWaitMs: 900 })
            .then((next) => manager.rejected('a', next.version, { maxWaitMs: 900 }))
            .catch(() => undefined);
        await time.advance(1000);
        await settle();
      }
      const sent = backend.requests.map(({ atMs }) => atMs).filter((atMs) => atMs >= refusedFromMs);
      const most = busiestMinute(sent);
      assert.ok(most <= 13, `${most} in a minute`);
      assert.ok(sent.length > 20, 'it goes on asking');
      lease.release();
      assert.equal(time.clock.pending, 0);
    });

  for (const [kind, answer] of Object.entries(faults))
    it(`asks a backend that ${kind} at most 13 times a minute, for three streams and a page that asks in a loop`, async () => {
      for (let seed = 1; seed <= 3; seed += 1) {
        const backend = new FakeTokenBackend();
        const { time } = backend;
        backend.lifeSeconds = [6, 60, 300][seed - 1] ?? 60;
        const manager = backend.manager(seededRandom(seed));
        const elements = ['a', 'b', 'c'].map((stream) => manager.lease({ streams: [stream] }));
        for (const stream of ['a', 'b', 'c']) manager.get(stream).catch(() => undefined);
        await time.advance(3000);
        backend.answer = answer;
        const outageMs = time.wallMs;
        for (let second = 0; second < 400; second += 1) {
          // The player, the page's own loop, and the end of the token.
          for (const stream of ['a', 'b']) {
            manager.get(stream, { maxWaitMs: 900 }).catch(() => undefined);
            manager.refresh(stream, { maxWaitMs: 900 }).catch(() => undefined);
          }
          const token = manager.peek('c');
          if (token) manager.rejected('c', token.version, { maxWaitMs: 900 }).catch(() => undefined);
          await time.advance(1000);
          await settle();
        }
        const sent = backend.requests.map(({ atMs }) => atMs).filter((atMs) => atMs >= outageMs);
        assert.ok(sent.length > (kind === 'does not answer' ? 4 : 20), 'it goes on asking');
        const most = busiestMinute(sent);
        // When a request for several streams fails, each is asked for alone, once.
        assert.ok(most <= (kind === 'answers 404' ? 16 : 13), `${most} in a minute, seed ${seed}`);
        backend.answer = (_, usual) => usual();
        const fresh = manager.get('a', { maxWaitMs: 31_000 });
        await time.advance(31_000);
        assert.match(secretOf((await fresh).value), /^a-/);
        for (const lease of elements) lease.release();
        assert.equal(time.clock.pending, 0);
      }
    });

  it('stays within the budget for hours of random faults, and is well soon after each', async () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const random = seededRandom(seed);
      const backend = new FakeTokenBackend();
      const { time } = backend;
      backend.lifeSeconds = [20, 60, 300, 900][seed - 1] ?? 60;
      const manager = backend.manager(random);
      manager.lease({ streams: ['a', 'b'] });
      const first = Promise.all(['a', 'b'].map((stream) => manager.get(stream)));
      await time.advance(100);
      await first;
      const kinds = Object.values(faults).filter((each) => each !== faults['does not answer']);
      const slowestMs: number[] = [];
      while (time.wallMs < Date.UTC(2030, 0, 1, 15)) {
        backend.answer = (_, usual) => usual();
        await time.advance(random() * 200_000);
        const outageMs = time.wallMs;
        backend.answer = kinds[Math.floor(random() * kinds.length)] ?? backend.answer;
        const lastsMs = 5000 + random() * 115_000;
        while (time.wallMs < outageMs + lastsMs) {
          for (const stream of ['a', 'b']) manager.get(stream, { maxWaitMs: 900 }).catch(() => undefined);
          await time.advance(1000);
        }
        const sent = backend.requests.map(({ atMs }) => atMs).filter((atMs) => atMs >= outageMs);
        assert.ok(busiestMinute(sent) <= 15, `${busiestMinute(sent)} in a minute`);
        backend.answer = (_, usual) => usual();
        const backMs = time.wallMs;
        while (!manager.peek('a') && time.wallMs < backMs + 60_000) await time.advance(100);
        slowestMs.push(time.wallMs - backMs);
      }
      assert.ok(slowestMs.length > 20);
      assert.ok(Math.max(...slowestMs) <= 6000, `${Math.max(...slowestMs)} ms`);
    }
  });
});
