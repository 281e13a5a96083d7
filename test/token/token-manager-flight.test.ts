import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { settle } from '../support/fake-clock.js';
import { EventRecorder, FakeTokenBackend } from '../support/fake-token-backend.js';
import { uncaught } from '../support/uncaught.js';

function setUp(streams = ['a']) {
  const backend = new FakeTokenBackend();
  const manager = backend.manager();
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams, onEvent: recorder.onEvent });
  return { backend, time: backend.time, manager, lease, recorder };
}

const valueOf = (token: { value: unknown }) => token.value;

describe('TokenManager: one request in flight', () => {
  it('shares one request and one token among all callers', async () => {
    const { backend, time, manager } = setUp();
    backend.latencyMs = 50;
    const all = Promise.all(Array.from({ length: 20 }, () => manager.get('a')));
    await time.advance(30);
    const late = manager.get('a');
    await time.advance(100);
    assert.equal(new Set((await all).map(valueOf)).size, 1);
    assert.equal((await late).value, 'a-1');
    assert.equal((await manager.get('a')).value, 'a-1');
    assert.equal(backend.requests.length, 1);
  });

  it('requests streams that are needed together in one request', async () => {
    const { backend, time, manager } = setUp(['a', 'b', 'c']);
    const all = Promise.all(['a', 'b'].map((stream) => manager.get(stream)));
    await time.advance(3);
    const third = manager.get('c');
    await time.advance(10);
    const [request] = backend.requests;
    assert.deepEqual(request?.streams, ['a', 'b', 'c']);
    assert.equal(request.purpose, 'playback');
    assert.deepEqual(
      [...(await all), await third].map(({ stream }) => stream),
      ['a', 'b', 'c'],
    );
    assert.equal(backend.requests.length, 1);
  });

  it('cancels only the wait of the caller that aborts', async () => {
    const { backend, time, manager } = setUp();
    backend.latencyMs = 50;
    const controller = new AbortController();
    const reason = new Error('left');
    const left = assert.rejects(manager.get('a', { signal: controller.signal }), reason);
    const stays = manager.get('a');
    await time.advance(20);
    controller.abort(reason);
    await left;
    await time.advance(100);
    assert.equal((await stays).value, 'a-1');
    await assert.rejects(
      manager.get('a', { signal: controller.signal, maxWaitMs: 0 }).then(() => Promise.reject(reason)),
      reason,
    );
    assert.equal(backend.requests.length, 1);
  });

  it('sends no request for a caller that has already aborted', async () => {
    const { backend, time, manager } = setUp();
    const reason = new Error('left');
    await assert.rejects(manager.get('a', { signal: AbortSignal.abort(reason) }), reason);
    await time.advance(100);
    assert.equal(backend.requests.length, 0);
    assert.equal(manager.status('a').state, 'none');
  });

  it('ends a wait at its timeout, and the next caller still gets the token', async () => {
    const { backend, time, manager } = setUp();
    backend.latencyMs = 12_000;
    const first = assert.rejects(manager.get('a'), { code: 'token-timeout', retryable: true });
    const short = assert.rejects(manager.get('a', { maxWaitMs: 100 }), { code: 'token-timeout' });
    await time.advance(100);
    await short;
    await time.advance(9900);
    await first;
    const second = manager.get('a');
    await time.advance(3000);
    assert.equal((await second).value, 'a-1');
    assert.equal(backend.requests.length, 1);
  });

  it('uses a bare token for every stream of the request', async () => {
    const { backend, time, manager } = setUp(['a', 'b']);
    backend.answer = () => ({ token: 'one', expiresAt: backend.nowSeconds + 30 });
    const all = Promise.all([manager.get('a'), manager.get('b')]);
    await time.advance(10);
    assert.deepEqual((await all).map(valueOf), ['one', 'one']);
  });

  it('reports a stream that is missing in the response, and sets the tokens of the others', async () => {
    const { backend, time, manager } = setUp(['a', 'b']);
    backend.answer = () => ({ tokens: [backend.mint('b')] });
    const missing = assert.rejects(manager.get('a'), { code: 'token-stream-missing', message: /"a"/ });
    const there = manager.get('b');
    await time.advance(10);
    await missing;
    assert.equal((await there).value, 'b-1');
  });

  it('gets tokens for the other streams when one is refused', async () => {
    const { backend, time, manager } = setUp(['a', 'b']);
    backend.answer = ({ streams }, usual) => {
      if (!streams.includes('b')) return usual();
      throw new GatecastError('token-refused', 'No.', { hint: 'Sign in.', status: 403 });
    };
    const refused = assert.rejects(manager.get('b'), { code: 'token-refused' });
    const there = manager.get('a');
    await time.advance(10);
    await refused;
    assert.equal((await there).value, 'a-1');
    assert.deepEqual(
      backend.requests.map(({ streams }) => streams.join()),
      ['b,a', 'b', 'a'],
    );
    await time.advance(1000);
    assert.equal(backend.requests.length, 3);
  });

  it('reports playlists of the response to leases before the token', async () => {
    const { backend, time, manager, recorder } = setUp();
    const playlists = { 'https://cdn.example/a.m3u8': '#EXTM3U' };
    backend.answer = (_, usual) => ({ ...usual(), playlists });
    void manager.get('a');
    await time.advance(10);
    assert.deepEqual(
      recorder.events.map(({ type }) => type),
      ['playlists', 'refreshed'],
    );
    assert.deepEqual(recorder.events[0], { type: 'playlists', playlists, media: [] });
  });

  it('reports the reason, expiry and duration of a refresh', async () => {
    const { backend, time, manager, recorder } = setUp();
    backend.latencyMs = 80;
    const token = manager.get('a');
    await time.advance(200);
    const { expiresAtMs } = await token;
    assert.deepEqual(recorder.events, [
      { type: 'refreshed', stream: 'a', reason: 'initial', expiresAtMs, durationMs: 80 },
    ]);
    assert.deepEqual(manager.status('a'), {
      stream: 'a',
      state: 'fresh',
      expiresAtMs,
      lastReason: 'initial',
      carriers: ['token'],
    });
  });
});

describe('TokenManager: listeners', () => {
  it('continues with other streams and leases when a listener throws', async () => {
    const { backend, time, manager, recorder } = setUp(['a', 'b']);
    const errors = await uncaught(async () => {
      manager.lease({
        streams: ['a', 'b'],
        onEvent: () => {
          throw new Error('listener');
        },
      });
      const all = Promise.all([manager.get('a'), manager.get('b')]);
      await time.advance(10);
      assert.equal((await all).length, 2);
      assert.equal(manager.status('a').state, 'fresh');
      backend.answer = () => Promise.reject(new Error('down'));
      await time.advance(25_000);
    });
    assert.equal(recorder.refreshed.length, 2);
    assert.ok(recorder.failed.length > 2);
    assert.equal(new Set(errors).size, 1);
    assert.equal(errors[0], 'listener');
  });

  it('allows a listener to release all leases during a response', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    const first = manager.lease({ streams: ['a', 'b'], onEvent: () => first.release() });
    const waits = [manager.get('a'), manager.get('b')].map((wait) =>
      wait.catch((error: unknown) => (error as Error).name),
    );
    await backend.time.advance(10);
    assert.equal(await waits[1], 'AbortError');
    assert.equal(backend.time.clock.pending, 0);
    const second = manager.lease({ streams: ['b'] });
    const again = manager.get('b');
    await backend.time.advance(10);
    assert.equal((await again).value, 'b-3');
    second.release();
    assert.equal(backend.time.clock.pending, 0);
  });

  it('does not overwrite a token that a listener has just set', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    manager.lease({
      streams: ['a', 'b'],
      onEvent: (event) => {
        if (event.type === 'refreshed' && event.stream === 'a') manager.seed('b', 'from-the-page');
      },
    });
    const all = Promise.all([manager.get('a'), manager.get('b')]);
    await backend.time.advance(10);
    assert.deepEqual((await all).map(valueOf), ['a-1', 'from-the-page']);
    assert.equal((await manager.get('b')).value, 'from-the-page');
  });

  it('does not loop when a listener requests a token', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    backend.answer = () => {
      throw new GatecastError('token-refused', 'No.', { hint: 'Sign in.', status: 403 });
    };
    manager.lease({ streams: ['a'], onEvent: () => void manager.get('a').catch(() => undefined) });
    void manager.get('a').catch(() => undefined);
    await backend.time.advance(60_000);
    assert.equal(backend.requests.length, 1);
  });
});

describe('TokenManager: tokens of the page', () => {
  it('uses the token without a request', async () => {
    const { backend, manager, recorder, time } = setUp();
    manager.seed('a', 'seeded');
    assert.equal((await manager.get('a')).value, 'seeded');
    assert.equal(manager.peek('a')?.value, 'seeded');
    await time.advance(3_600_000);
    assert.equal(backend.requests.length, 0, 'its end is unknown');
    assert.equal(recorder.refreshed[0]?.expiresAtMs, null);
    assert.equal(recorder.refreshed[0].reason, 'initial');
  });

  it('prefers it to a request in flight, and resolves the callers that wait', async () => {
    const { backend, manager, time } = setUp();
    backend.latencyMs = 50;
    const wait = manager.get('a');
    await time.advance(20);
    manager.seed('a', 'seeded');
    assert.equal((await wait).value, 'seeded');
    assert.equal(backend.requests[0]?.signal.aborted, true);
    await time.advance(200);
    assert.equal((await manager.get('a')).value, 'seeded');
  });

  it('prefers it to a request that is not sent yet', async () => {
    const { backend, manager, time } = setUp();
    const wait = manager.get('a');
    manager.seed('a', 'seeded');
    await wait;
    await time.advance(100);
    assert.equal(backend.requests.length, 0);
  });

  it('recovers from a final error with it', async () => {
    const { backend, manager, time } = setUp();
    backend.answer = () => ({ tokens: 'nonsense' });
    const failed = assert.rejects(manager.get('a'), { code: 'token-response-invalid' });
    await time.advance(10);
    await failed;
    manager.seed('a', 'seeded');
    assert.equal((await manager.get('a')).value, 'seeded');
  });

  it('accepts a security object, and refuses values that are not a token', async () => {
    const { manager } = setUp();
    const security = JSON.parse('{"token":"abc","expires":4102444800}') as { token: string };
    manager.seed('a', security);
    const token = await manager.get('a');
    assert.deepEqual(token.value, { token: 'abc', expires: '4102444800' });
    assert.equal(token.expiresAtMs, 4_102_444_800_000);
    for (const bad of ['', 'two words', {}])
      assert.throws(() => manager.seed('a', bad), { code: 'token-response-invalid' });
    assert.throws(() => manager.seed('a', { token: 'b', expires: '1' }), { code: 'token-expired' });
    assert.throws(() => manager.seed('a', { token: 'b', expires: '4102444800000' }), {
      code: 'token-time-unit',
    });
    assert.equal(await manager.get('a'), token, 'the old one stays');
  });

  it('treats the same token, set twice, as one', async () => {
    const { manager, recorder } = setUp();
    manager.seed('a', 'seeded');
    manager.seed('a', 'seeded');
    await settle();
    assert.equal(recorder.events.length, 1);
  });
});
