import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  endpointSource,
  GatecastError,
  noSource,
  TokenManager,
  type TokenManagerOptions,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';
import { fakeJwt } from '../support/jwt.js';

const HOUR_MS = 3_600_000;

async function setUp(lifeSeconds = 30, seed = 1) {
  const backend = new FakeTokenBackend();
  backend.lifeSeconds = lifeSeconds;
  const manager = backend.manager(seededRandom(seed));
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  const start = async () => {
    const first = manager.get('a');
    first.catch(() => undefined);
    await backend.time.advance(10);
    return first;
  };
  return { backend, time: backend.time, manager, recorder, lease, start };
}

/** A manager on an endpoint that answers a list of statuses, then tokens. */
function onEndpoint(statuses: number[], headers: Record<string, string> = {}, body = '{}') {
  const time = new FakeClock();
  const askedAtMs: number[] = [];
  const fetch = async () => {
    askedAtMs.push(time.wallMs);
    const status = statuses.shift();
    if (status) return new Response(body, { status, headers });
    const nowSeconds = Math.floor(time.wallMs / 1000);
    return Response.json({
      token: `t${askedAtMs.length}`,
      expiresAt: nowSeconds + 30,
      serverTime: nowSeconds,
    });
  };
  const source = endpointSource({ url: 'https://shop.example/api/tokens', fetch, clock: time.clock });
  const options: TokenManagerOptions = { source, purpose: 'playback', clock: time.clock, random: () => 0.5 };
  const manager = new TokenManager(options);
  const recorder = new EventRecorder();
  manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  return { time, manager, recorder, askedAtMs };
}

const unavailable = () =>
  new GatecastError('token-endpoint-failed', 'HTTP 503', { hint: 'Wait.', status: 503, retryable: true });
const swallow = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as GatecastError,
  );

describe('TokenManager: failed requests', () => {
  for (const [lifeSeconds, failures] of [
    [6, 1],
    [30, 3],
  ] as const) {
    it(`recovers from ${failures} failures in a row while a ${lifeSeconds} s token is valid`, async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const { backend, time, manager, recorder, start } = await setUp(lifeSeconds, seed);
        await start();
        let left = failures as number;
        backend.answer = (_, usual) => {
          if (left-- > 0) throw unavailable();
          return usual();
        };
        const tokens: Promise<unknown>[] = [];
        for (let i = 0; i < lifeSeconds * 10; i += 1) {
          tokens.push(manager.get('a', { maxWaitMs: 2500 }));
          await time.advance(100);
        }
        await time.advance(3000);
        await Promise.all(tokens);
        assert.equal(recorder.failed.length, failures);
        assert.ok(recorder.failed.every(({ willRetryInMs }) => willRetryInMs !== null));
        assert.equal(manager.status('a').state, 'fresh');
      }
    });
  }

  it('backs off while the backend is down, and recovers when it is back', async () => {
    const { backend, time, manager, start } = await setUp();
    await start();
    backend.answer = () => Promise.reject(unavailable());
    await time.advance(HOUR_MS);
    assert.ok(backend.requests.length < 320, `${backend.requests.length} requests`);
    assert.equal(manager.status('a').state, 'retrying');
    backend.answer = (_, usual) => usual();
    await time.advance(31_000);
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('restarts its backoff after a success', async () => {
    const { backend, time, manager, recorder, start } = await setUp();
    await start();
    for (let outage = 0; outage < 2; outage += 1) {
      const before = recorder.failed.length;
      backend.answer = () => Promise.reject(unavailable());
      time.sleep(HOUR_MS);
      await time.advance(120_000);
      assert.ok((recorder.failed[before]?.willRetryInMs ?? Infinity) <= 3000);
      backend.answer = (_, usual) => usual();
      await time.advance(31_000);
      assert.equal(manager.status('a').state, 'fresh');
    }
  });

  it('waits through failures, and throws the last one at the timeout', async () => {
    const { backend, time, manager } = await setUp();
    let left = 2;
    backend.answer = (_, usual) => {
      if (left-- > 0) throw unavailable();
      return usual();
    };
    const token = manager.get('a');
    await time.advance(8000);
    assert.equal((await token).value, 'a-1');
    backend.answer = () => Promise.reject(unavailable());
    time.sleep(HOUR_MS);
    const failed = assert.rejects(manager.get('a'), { status: 503 });
    await time.advance(10_500);
    await failed;
  });

  it('respects Retry-After, also when the network is back earlier', async () => {
    const { time, manager, askedAtMs } = onEndpoint([429], { 'Retry-After': '90' });
    void swallow(manager.get('a'));
    await time.advance(60_000);
    await time.wake('online');
    await time.advance(29_000);
    assert.equal(askedAtMs.length, 1);
    await time.advance(3000);
    assert.equal(askedAtMs.length, 2);
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('retries when the network is back, with the same reason', async () => {
    const { backend, time, start, manager } = await setUp();
    backend.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    void swallow(start());
    await time.advance(120_000);
    backend.answer = (_, usual) => usual();
    const before = backend.requests.length;
    await time.wake('online');
    await time.advance(510);
    assert.equal(backend.requests.length, before + 1);
    assert.equal(backend.requests.at(-1)?.reason, 'initial');
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('does not retry earlier when the network comes and goes', async () => {
    const { backend, time, start } = await setUp();
    backend.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    void swallow(start());
    for (let i = 0; i < 600; i += 1) {
      await time.wake('online');
      await time.advance(100);
    }
    assert.ok(backend.requests.length < 130, `${backend.requests.length} requests in a minute`);
  });

  for (const status of [401, 403]) {
    it(`does not retry ${status} until the page acts`, async () => {
      const { time, manager, recorder, askedAtMs } = onEndpoint([status, status], { 'Retry-After': '1' });
      const failed = swallow(manager.get('a'));
      await time.advance(10);
      assert.equal((await failed)?.code, 'token-refused');
      await time.wake('online');
      await time.advance(HOUR_MS);
      assert.equal((await swallow(manager.get('a')))?.status, status);
      assert.equal(askedAtMs.length, 1);
      assert.equal(recorder.failed[0]?.willRetryInMs, null);
      assert.equal(manager.status('a').state, 'failed');

      const again = swallow(manager.refresh('a'));
      await time.advance(10);
      assert.equal((await again)?.status, status);
      const good = manager.refresh('a');
      await time.advance(10);
      assert.equal((await good).value, 't3');
      assert.equal(manager.status('a').state, 'fresh');
    });
  }

  it('uses the old token until its expiry after a final error, then throws that error', async () => {
    const { backend, time, manager, start } = await setUp();
    await start();
    backend.answer = () =>
      Promise.reject(new GatecastError('token-refused', 'No.', { hint: 'Sign in.', status: 401 }));
    await time.advance(28_000);
    assert.equal((await manager.get('a')).value, 'a-1');
    await time.advance(3000);
    assert.equal((await swallow(manager.get('a')))?.code, 'token-refused');
    await time.advance(HOUR_MS);
    assert.equal(backend.requests.length, 2);
  });

  it('tries once more for a new lease after a final error', async () => {
    const { time, manager, askedAtMs } = onEndpoint([401]);
    await Promise.all([swallow(manager.get('a')), time.advance(10)]);
    manager.lease({ streams: ['a'] });
    const token = manager.get('a');
    await time.advance(10);
    assert.equal((await token).value, 't2');
    assert.equal(askedAtMs.length, 2);
  });

  it('does not retry for a stream without a lease', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    backend.answer = () => Promise.reject(unavailable());
    const failed = swallow(manager.get('a'));
    await backend.time.advance(10);
    assert.equal((await failed)?.status, 503);
    assert.equal(backend.time.clock.pending, 0);
    backend.answer = (_, usual) => usual();
    const token = manager.get('a');
    await backend.time.advance(10);
    assert.equal((await token).value, 'a-1');
  });

  for (const isFirst of [true, false]) {
    it(`asks again after an answer that took longer than its token lasts: ${isFirst ? 'the first' : 'a later'} one`, async () => {
      const { backend, time, manager, recorder, start } = await setUp(3);
      if (!isFirst) await start();
      let slow = 3;
      backend.answer = (_, usual) => {
        const minted = usual();
        if (slow-- <= 0) return minted;
        return new Promise((resolve) => void time.options.setTimer?.(() => resolve(minted), 8000));
      };
      if (!isFirst) await time.advance(3100);
      const token = manager.get('a', { maxWaitMs: 60_000 });
      await time.advance(45_000);
      assert.equal((await token).value, isFirst ? 'a-4' : 'a-5');
      assert.equal(recorder.failed.length, 3);
      for (const { error, willRetryInMs } of recorder.failed) {
        assert.deepEqual([error.code, error.retryable], ['token-expired', true]);
        assert.match(error.hint, /took 8\.0 s, and the token lasts about [23]\.\d s/);
        assert.ok(willRetryInMs !== null && willRetryInMs >= 1000 && willRetryInMs <= 5500);
      }
      assert.equal(manager.status('a').state, 'fresh');
    });
  }

  it('asks with backoff for as long as each answer takes longer than its token lasts', async () => {
    const { backend, time, manager, recorder, start } = await setUp(3);
    backend.answer = (_, usual) => {
      const minted = usual();
      return new Promise((resolve) => void time.options.setTimer?.(() => resolve(minted), 8000));
    };
    void swallow(start());
    await time.advance(HOUR_MS / 2);
    assert.ok(backend.requests.length < 160, `${backend.requests.length} requests in half an hour`);
    assert.ok(recorder.failed.every(({ willRetryInMs }) => willRetryInMs !== null));
    backend.answer = (_, usual) => usual();
    await time.advance(45_000);
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('recovers from invalid responses after sleep, such as those of a captive portal', async () => {
    const { backend, time, manager, start } = await setUp();
    await start();
    backend.answer = () => '<!doctype html><title>Hotel</title>';
    time.sleep(HOUR_MS);
    await time.advance(60_000);
    assert.ok(backend.requests.length < 15);
    backend.answer = (_, usual) => usual();
    await time.advance(31_000);
    assert.equal(manager.status('a').state, 'fresh');
  });
});

describe('TokenManager: invalid responses', () => {
  const nowSeconds = Math.floor(new FakeClock().wallMs / 1000);
  const stable = fakeJwt({ iat: nowSeconds, exp: nowSeconds + 30 });
  const answers: Record<string, [code: string, answer: (backend: FakeTokenBackend) => unknown]> = {
    'in milliseconds': [
      'token-time-unit',
      ({ nowSeconds: s }) => ({ token: 't', expiresAt: (s + 30) * 1000 }),
    ],
    'with exp in milliseconds': ['token-time-unit', ({ nowSeconds: s }) => fakeJwt({ exp: (s + 30) * 1000 })],
    expired: [
      'token-expired',
      ({ nowSeconds: s }) => ({ token: `t${Math.random()}`, expiresAt: s - 1, serverTime: s }),
    ],
    'not yet valid': [
      'token-not-yet-valid',
      ({ nowSeconds: s }) => ({ token: fakeJwt({ nbf: s + 3600, exp: s + 7200 }), serverTime: s }),
    ],
    'of nonsense': ['token-response-invalid', () => ({ tokens: {} })],
  };
  for (const [name, [code, answer]] of Object.entries(answers)) {
    it(`throws if the first is ${name}, and does not repeat the request in a loop`, async () => {
      const { backend, time, manager, recorder } = await setUp();
      backend.answer = () => answer(backend);
      const failed = swallow(manager.get('a'));
      await time.advance(11_000);
      const error = await failed;
      assert.equal(error?.code, code);
      assert.ok(error instanceof GatecastError && error.hint.length > 20);
      assert.equal(recorder.lastError?.code, code);
      for (let i = 0; i < 360; i += 1) {
        void swallow(manager.get('a'));
        await time.advance(10_000);
      }
      assert.ok(backend.requests.length < 320, `${backend.requests.length} requests in an hour`);
    });

    it(`reports a later one that is ${name}, keeps the old token, and does not repeat the request in a loop`, async () => {
      const { backend, time, manager, recorder, start } = await setUp();
      await start();
      backend.answer = () => answer(backend);
      await time.advance(26_000);
      assert.equal((await manager.get('a')).value, 'a-1');
      assert.equal(recorder.lastError?.code, code);
      await time.advance(HOUR_MS);
      assert.ok(backend.requests.length < 320, `${backend.requests.length} requests in an hour`);
    });
  }

  it('reports a repeated token, and uses the next new one', async () => {
    const { backend, time, manager, recorder } = await setUp();
    backend.answer = () => stable;
    void manager.get('a');
    await time.advance(24_000);
    assert.equal(recorder.lastError?.code, 'token-unchanged');
    backend.answer = (_, usual) => usual();
    await time.advance(3000);
    assert.equal((await manager.get('a')).value, 'a-1');
  });

  it('does not loop if the backend returns the same token until its expiry', async () => {
    const { backend, time, manager } = await setUp();
    let kept = backend.mint('a');
    backend.answer = () => {
      if (kept.expiresAt <= backend.nowSeconds) kept = backend.mint('a');
      return { tokens: [kept], serverTime: backend.nowSeconds };
    };
    backend.lifeSeconds = 300;
    for (let i = 0; i < 720; i += 1) {
      void swallow(manager.get('a'));
      await time.advance(5000);
    }
    assert.ok(backend.requests.length < 12 * 50, `${backend.requests.length} requests in an hour`);
  });

  it('requests tokens with a lifetime of a second at most once a second', async () => {
    const { backend, time, start } = await setUp(1);
    await start();
    await time.advance(HOUR_MS / 60);
    assert.ok(backend.requests.length <= 62, `${backend.requests.length} requests in a minute`);
  });

  it('accepts the same opaque token with a later expiry as new', async () => {
    const { backend, time, manager, recorder, start } = await setUp();
    backend.answer = () => ({
      token: 'session',
      expiresAt: backend.nowSeconds + 30,
      serverTime: backend.nowSeconds,
    });
    await start();
    await time.advance(120_000);
    assert.equal(recorder.failed.length, 0);
    assert.equal(manager.status('a').state, 'fresh');
    assert.ok(backend.requests.length < 9);
  });

  it('uses a token without an end until it is refused, and accepts it again on request', async () => {
    const { backend, time, manager, recorder, start } = await setUp();
    backend.answer = () => ({ h5live: { security: { expires: '', tag: '', token: 'sts', options: '2' } } });
    await start();
    await time.advance(HOUR_MS);
    assert.equal(backend.requests.length, 1);
    assert.equal(manager.status('a').state, 'fresh');
    assert.equal(manager.status('a').expiresAtMs, null);
    const refreshed = manager.refresh('a');
    await time.advance(10);
    await refreshed;
    assert.equal(recorder.failed.length, 0);
    assert.equal(backend.requests.length, 2);
  });

  it('reports a failed manual refresh to the page, and keeps the schedule', async () => {
    const { backend, time, manager, start } = await setUp();
    await start();
    await time.advance(3000);
    backend.answer = () => ({ tokens: [{ stream: 'a', token: 'a-1', expiresAt: backend.nowSeconds + 10 }] });
    const failed = swallow(manager.refresh('a'));
    await time.advance(10);
    assert.equal((await failed)?.code, 'token-unchanged');
    assert.equal(manager.status('a').state, 'fresh');
    backend.answer = (_, usual) => usual();
    await time.advance(24_000);
    assert.equal(backend.reasons.at(-1), 'scheduled');
  });

  it('tries one refresh when there is no token source', async () => {
    const time = new FakeClock();
    const exp = Math.floor(time.wallMs / 1000) + 30;
    const manager = new TokenManager({
      source: noSource(),
      purpose: 'playback',
      clock: time.clock,
    });
    const recorder = new EventRecorder();
    manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
    manager.seed('a', fakeJwt({ exp }));
    await time.advance(HOUR_MS);
    assert.equal((await swallow(manager.get('a')))?.code, 'token-source-missing');
    assert.equal(recorder.failed.length, 1);
  });
});
