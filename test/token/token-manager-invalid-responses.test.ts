import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, noSource, TokenManager } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder, type FakeTokenBackend } from '../support/fake-token-backend.js';
import { fakeJwt } from '../support/jwt.js';
import { setUp, swallow } from './support/failing-manager.js';

const HOUR_MS = 3_600_000;

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
