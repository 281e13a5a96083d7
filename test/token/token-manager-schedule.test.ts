import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';
import { fakeJwt } from '../support/jwt.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function setUp(
  streams = ['a'],
  options: { lifeSeconds?: number; leadMs?: number; skewMs?: number } = {},
) {
  const backend = new FakeTokenBackend();
  Object.assign(backend, options);
  const manager = backend.manager(seededRandom());
  const recorder = new EventRecorder();
  const { leadMs } = options;
  const lease = manager.lease({
    streams,
    onEvent: recorder.onEvent,
    ...(leadMs !== undefined && { leadMs }),
  });
  const first = Promise.all(streams.map((stream) => manager.get(stream)));
  await backend.time.advance(10);
  await first;
  return { backend, time: backend.time, manager, lease, recorder };
}

/** Asks for a token every quarter of a second, as segments do; returns how long the longest wait was. */
async function play(backend: FakeTokenBackend, manager: ReturnType<FakeTokenBackend['manager']>, ms: number) {
  const { time } = backend;
  let longestMs = 0;
  for (const untilMs = time.wallMs + ms; time.wallMs < untilMs;) {
    const askedAtMs = time.wallMs;
    const got = manager.get('a').then(({ expiresAtMs }) => {
      assert.ok(expiresAtMs === null || expiresAtMs > time.wallMs + backend.skewMs, 'a dead token');
      longestMs = Math.max(longestMs, time.wallMs - askedAtMs);
    });
    const isOver = got.then(
      () => true,
      () => true,
    );
    do await time.advance(250);
    while (!(await Promise.race([isOver, Promise.resolve(false)])));
    await got;
  }
  return longestMs;
}

describe('TokenManager: scheduled refresh', () => {
  for (const [lifeSeconds, requests] of [
    [6, [13, 16]],
    [30, [2, 4]],
    [300, [0, 1]],
  ] as const) {
    it(`keeps ${lifeSeconds} s tokens valid for a minute without a wait`, async () => {
      const { backend, manager, recorder } = await setUp(['a'], { lifeSeconds });
      const before = backend.requests.length;
      assert.equal(await play(backend, manager, MINUTE_MS), 0);
      const count = backend.requests.length - before;
      assert.ok(count >= requests[0] && count <= requests[1], `${count} requests`);
      assert.equal(recorder.failed.length, 0);
      assert.ok(recorder.refreshed.slice(1).every(({ reason }) => reason === 'scheduled'));
    });
  }

  it('uses the old token while the refresh is in flight', async () => {
    const { backend, manager } = await setUp(['a'], { lifeSeconds: 6 });
    backend.latencyMs = 800;
    assert.equal(await play(backend, manager, 20_000), 0);
  });

  it('waits for the new token if the old one expires before it arrives', async () => {
    const { backend, time, manager } = await setUp(['a'], { lifeSeconds: 6 });
    backend.latencyMs = 3000;
    await time.advance(5200);
    assert.equal(manager.peek('a'), null);
    const token = manager.get('a');
    await time.advance(3000);
    assert.equal((await token).value, 'a-2');
  });

  it('uses the token until its expiry if the refresh fails', async () => {
    const { backend, time, manager } = await setUp(['a'], { lifeSeconds: 6 });
    backend.answer = () => Promise.reject(new Error('down'));
    await time.advance(5200);
    const token = manager.get('a', { maxWaitMs: 100 });
    await time.advance(100);
    assert.equal((await token).value, 'a-1');
  });

  it('refreshes streams that are due at about the same time in one request', async () => {
    const { backend, time, manager } = await setUp(['a', 'b', 'c'], { lifeSeconds: 30 });
    assert.equal(backend.requests.length, 1);
    manager.refresh('b').catch(() => undefined);
    await time.advance(10 * MINUTE_MS);
    const scheduled = backend.requests.slice(2);
    assert.ok(scheduled.length > 20);
    assert.ok(scheduled.slice(1).every(({ streams }) => streams.length === 3));
  });

  it('sends no request for a stream without a lease', async () => {
    const { backend, time, lease } = await setUp();
    lease.release();
    await time.advance(HOUR_MS);
    assert.equal(backend.requests.length, 1);
  });

  it('uses a longer lead of a later lease, but not a shorter one', async () => {
    const { backend, time, manager } = await setUp(['a'], { lifeSeconds: 3600, leadMs: MINUTE_MS });
    await time.advance(5000);
    manager.lease({ streams: ['a'], leadMs: 1000 });
    manager.lease({ streams: ['a'], leadMs: Number.NaN });
    manager.lease({ streams: ['a'], leadMs: 15 * MINUTE_MS });
    await time.advance(45 * MINUTE_MS);
    assert.equal(backend.requests.length, 2);
  });

  it('does not delay a refresh when another lease is added', async () => {
    const { backend, time, manager } = await setUp(['a'], { lifeSeconds: 60 });
    await time.advance(38_000);
    for (let i = 0; i < 20; i += 1) {
      manager.lease({ streams: ['a'] });
      await time.advance(400);
    }
    assert.equal(backend.requests.length, 2);
    assert.deepEqual(backend.reasons, ['initial', 'scheduled']);
  });

  it('spreads clients that started in the same second', async () => {
    const random = seededRandom(7);
    const firstMs: number[] = [];
    for (let viewer = 0; viewer < 60; viewer += 1) {
      const backend = new FakeTokenBackend();
      backend.lifeSeconds = 600;
      const manager = backend.manager(random);
      const lease = manager.lease({ streams: ['a'] });
      void manager.get('a');
      const startMs = backend.time.wallMs;
      await backend.time.advance(9 * MINUTE_MS + 100);
      firstMs.push((backend.requests[1]?.atMs ?? Infinity) - startMs);
      lease.release();
    }
    const perMinute = Array.from(
      { length: 9 },
      (_, minute) => firstMs.filter((ms) => Math.floor(ms / MINUTE_MS) === minute).length,
    );
    assert.equal(firstMs.filter((ms) => ms < Infinity).length, 60);
    assert.ok(Math.max(...perMinute) < 20, perMinute.join());
  });
});

describe('TokenManager: time', () => {
  for (const skewMs of [-10 * MINUTE_MS, 10 * MINUTE_MS]) {
    for (const lifeSeconds of [6, 30]) {
      it(`refreshes in time with serverTime when the device clock is ${-skewMs / MINUTE_MS} min off (${lifeSeconds} s)`, async () => {
        const { backend, manager, recorder } = await setUp(['a'], { lifeSeconds, skewMs });
        assert.equal(await play(backend, manager, MINUTE_MS), 0);
        assert.equal(recorder.failed.length, 0);
        assert.ok(backend.requests.length <= 2 + 60 / (lifeSeconds * 0.65));
      });

      it(`refreshes in time with iat only when the device clock is ${-skewMs / MINUTE_MS} min off (${lifeSeconds} s)`, async () => {
        const { backend, manager, recorder } = await setUpJwt(lifeSeconds, skewMs);
        assert.equal(await play(backend, manager, MINUTE_MS), 0);
        assert.equal(recorder.failed.length, 0);
        assert.ok(backend.requests.length <= 2 + 60 / (lifeSeconds * 0.6));
      });
    }
  }

  async function setUpJwt(lifeSeconds: number, skewMs: number) {
    const backend = new FakeTokenBackend();
    backend.skewMs = skewMs;
    let serial = 0;
    backend.answer = () =>
      fakeJwt({ iat: backend.nowSeconds, exp: backend.nowSeconds + lifeSeconds, jti: ++serial });
    const manager = backend.manager(seededRandom());
    const recorder = new EventRecorder();
    manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
    void manager.get('a');
    await backend.time.advance(10);
    return { backend, manager, recorder };
  }

  for (const setMs of [-10 * MINUTE_MS, 10 * MINUTE_MS]) {
    it(`continues when the device clock is changed by ${setMs / MINUTE_MS} min, with iat only`, async () => {
      const { backend, manager, recorder } = await setUpJwt(30, 0);
      await backend.time.advance(5000);
      backend.time.setWall(setMs);
      backend.skewMs = -setMs;
      await play(backend, manager, 3 * MINUTE_MS);
      assert.equal(recorder.failed.length, 0);
      assert.ok(backend.requests.length < 14);
    });
  }

  it('schedules all streams again when it learns the server’s time', async () => {
    const backend = new FakeTokenBackend();
    backend.skewMs = 10 * MINUTE_MS;
    const manager = backend.manager(seededRandom());
    manager.lease({ streams: ['a', 'b'] });
    manager.seed('a', { token: 'seeded', expires: String(backend.nowSeconds + 1200) });
    void manager.get('b');
    await backend.time.advance(19 * MINUTE_MS);
    assert.ok(
      backend.requests.some(({ streams }) => streams.includes('a')),
      'the seed ends after 20 min, not 30',
    );
  });

  it('sends one request, with reason resume, after an hour of sleep', async () => {
    const { backend, time, manager } = await setUp(['a', 'b']);
    time.sleep(HOUR_MS);
    const waits = Promise.all([
      manager.get('a'),
      manager.get('b'),
      time.wake('visible'),
      time.wake('pageshow'),
    ]);
    await time.advance(1010);
    const [token] = await waits;
    assert.equal(token.value, 'a-3');
    assert.deepEqual(backend.reasons, ['initial', 'resume']);
    assert.deepEqual(backend.requests[1]?.streams, ['a', 'b']);
  });

  it('refreshes after sleep without a call', async () => {
    const { backend, time } = await setUp();
    time.sleep(HOUR_MS);
    await time.wake('visible');
    await time.advance(5);
    assert.deepEqual(backend.reasons, ['initial', 'resume']);
  });

  it('keeps tokens valid in a hidden tab whose timers fire once a minute', async () => {
    const { backend, time, manager, recorder } = await setUp(['a'], { lifeSeconds: 300 });
    for (let minute = 0; minute < 60; minute += 1) {
      await time.throttle(MINUTE_MS);
      await time.advance(10);
      const token = await manager.get('a');
      assert.ok((token.expiresAtMs ?? 0) > time.wallMs);
    }
    assert.equal(recorder.failed.length, 0);
    assert.ok(backend.requests.length < 25);
  });

  it('does not refresh a token without expiry', async () => {
    const { backend, time, manager } = await setUp();
    backend.answer = () => 'opaque';
    const token = manager.refresh('a');
    await time.advance(10);
    assert.equal((await token).expiresAtMs, null);
    await time.advance(24 * HOUR_MS);
    assert.equal((await manager.get('a')).value, 'opaque');
    assert.equal(backend.requests.length, 2);
  });

  it('uses the old token until a new one with a later nbf begins', async () => {
    const { backend, time, manager, recorder } = await setUp();
    const begins = () => fakeJwt({ nbf: backend.nowSeconds + 4, exp: backend.nowSeconds + 34 });
    backend.answer = () => ({ token: begins(), serverTime: backend.nowSeconds });
    await time.advance(23_000);
    assert.equal(backend.requests.length, 2);
    assert.equal((await manager.get('a')).value, 'a-1');
    assert.equal(manager.status('a').state, 'refreshing');
    await time.advance(5000);
    assert.notEqual((await manager.get('a')).value, 'a-1');
    assert.equal(recorder.refreshed.length, 2);
    assert.equal(recorder.failed.length, 0);
  });

  it('waits until the first token begins', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    manager.lease({ streams: ['a'] });
    const startMs = backend.time.wallMs;
    const token = fakeJwt({ nbf: backend.nowSeconds + 3, exp: backend.nowSeconds + 33 });
    backend.answer = () => ({ token, serverTime: backend.nowSeconds });
    const first = manager.get('a').then(() => backend.time.wallMs - startMs);
    await backend.time.advance(5000);
    const waitedMs = await first;
    assert.ok(waitedMs > 2000 && waitedMs <= 3500, `${waitedMs} ms`);
    assert.equal(backend.requests.length, 1);
  });

  it('waits up to a minute, without another request and without an error', async () => {
    const { backend, time, manager, recorder } = await setUp();
    backend.answer = () => ({
      token: fakeJwt({ nbf: backend.nowSeconds + 40, exp: backend.nowSeconds + 70 }),
      serverTime: backend.nowSeconds,
    });
    await time.advance(23_000);
    assert.equal(manager.peek('a')?.value, 'a-1', 'the old one is used until it ends');
    await time.advance(10_000);
    const next = manager.get('a', { maxWaitMs: 60_000 });
    await time.advance(31_000);
    assert.notEqual((await next).value, 'a-1');
    assert.deepEqual([backend.requests.length, recorder.failed.length], [2, 0]);
  });

  it('drops a token that has not begun when the stream is released or gets another one', async () => {
    const { backend, time, manager, lease } = await setUp();
    const token = fakeJwt({ nbf: backend.nowSeconds + 27, exp: backend.nowSeconds + 60 });
    backend.answer = () => ({ token, serverTime: backend.nowSeconds });
    await time.advance(23_000);
    manager.seed('a', 'from the page'.replaceAll(' ', '-'));
    await time.advance(10_000);
    assert.equal((await manager.get('a')).value, 'from-the-page');
    lease.release();
    assert.equal(time.clock.pending, 0);
  });
});
