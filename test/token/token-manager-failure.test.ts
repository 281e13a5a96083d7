import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointSource, GatecastError, TokenManager, type TokenManagerOptions } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder, FakeTokenBackend } from '../support/fake-token-backend.js';
import { setUp, swallow } from './support/failing-manager.js';

const HOUR_MS = 3_600_000;

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
