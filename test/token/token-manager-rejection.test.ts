import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventRecorder, FakeTokenBackend } from '../support/fake-token-backend.js';

async function setUp() {
  const backend = new FakeTokenBackend();
  const manager = backend.manager();
  const recorder = new EventRecorder();
  manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  const wait = manager.get('a');
  await backend.time.advance(10);
  return { backend, time: backend.time, manager, recorder, token: await wait };
}

describe('TokenManager: a token that the origin refuses', () => {
  it('is replaced once for any number of refused requests', async () => {
    const { backend, time, manager, token } = await setUp();
    const all = Promise.all(Array.from({ length: 10 }, () => manager.rejected('a', token.version)));
    const bystander = manager.get('a');
    await time.advance(10);
    for (const fresh of [...(await all), await bystander]) assert.equal(fresh.value, 'a-2');
    assert.deepEqual(backend.reasons, ['initial', 'rejected']);
  });

  it('needs no request if it has already been replaced', async () => {
    const { backend, time, manager, token } = await setUp();
    const refreshed = manager.refresh('a');
    await time.advance(10);
    await refreshed;
    assert.equal((await manager.rejected('a', token.version)).value, 'a-2');
    assert.equal(backend.requests.length, 2);
  });

  it('is not returned until it is replaced, and its state is rejected', async () => {
    const { backend, time, manager, token } = await setUp();
    backend.latencyMs = 50;
    void manager.rejected('a', token.version);
    assert.equal(manager.peek('a'), null);
    assert.equal(manager.status('a').state, 'requesting');
    await time.advance(100);
    assert.equal(manager.status('a').lastReason, 'rejected');
  });

  it('waits for a refresh that is in flight', async () => {
    const { backend, time, manager, token } = await setUp();
    backend.latencyMs = 500;
    await time.advance(22_000);
    assert.deepEqual(backend.reasons, ['initial', 'scheduled']);
    const fresh = manager.rejected('a', token.version);
    await time.advance(1000);
    assert.equal((await fresh).value, 'a-2');
    assert.equal(backend.requests.length, 2);
  });

  it('is requested again as rejected if that refresh returns the refused token', async () => {
    const { backend, time, manager, token } = await setUp();
    backend.latencyMs = 500;
    backend.answer = ({ reason }, usual) =>
      reason === 'rejected' ? usual() : { token: token.value, expiresAt: backend.nowSeconds + 8 };
    await time.advance(22_000);
    const fresh = manager.rejected('a', token.version);
    await time.advance(2000);
    assert.equal((await fresh).value, 'a-2');
    assert.deepEqual(backend.reasons, ['initial', 'scheduled', 'rejected']);
  });

  it('is reported to the backend also after the caller has aborted', async () => {
    const { backend, time, manager, token } = await setUp();
    const left = AbortSignal.abort(new Error('left'));
    await assert.rejects(manager.rejected('a', token.version, { signal: left }));
    const fresh = manager.get('a');
    await time.advance(10);
    assert.equal((await fresh).value, 'a-2');
    assert.deepEqual(backend.reasons, ['initial', 'rejected']);
  });

  it('is replaced by another cookie, which no answer shows', async () => {
    const { backend, time, manager, recorder } = await setUp();
    let lifeSeconds = 60;
    backend.answer = ({ streams }) => ({
      tokens: streams.map((stream) => ({
        stream,
        cookie: true,
        expiresAt: backend.nowSeconds + lifeSeconds,
      })),
    });
    const initial = manager.refresh('a');
    await time.advance(5000);
    const rejected = manager.rejected('a', (await initial).version);
    await time.advance(5000);
    assert.ok((await rejected).version > (await initial).version);
    // The new cookie may also end before the old one.
    lifeSeconds = 10;
    const shorter = manager.refresh('a');
    await time.advance(10);
    assert.equal((await shorter).expiresAtMs, (backend.nowSeconds + lifeSeconds) * 1000);
    assert.equal(recorder.lastError, undefined);
  });

  it('is requested again, with backoff, while the backend returns the same token', async () => {
    const { backend, time, manager, token, recorder } = await setUp();
    await time.advance(5000);
    backend.answer = () => ({ token: token.value, expiresAt: backend.nowSeconds + 60 });
    const again = manager.rejected('a', token.version);
    await time.advance(10_010);
    assert.equal((await again).value, token.value);
    assert.equal(recorder.lastError?.code, 'token-unchanged');
    // The origin may accept it by now.
    assert.equal(manager.peek('a')?.value, token.value);
    await time.advance(600_000);
    assert.ok(backend.requests.length < 60, `${backend.requests.length} requests in ten minutes`);
    backend.answer = (_, usual) => usual();
    const fresh = manager.get('a', { maxWaitMs: 31_000 });
    await time.advance(31_000);
    assert.equal((await fresh).value, 'a-2');
  });

  it('is requested again if the backend issues the same token in the same second', async () => {
    const { backend, time, manager, token } = await setUp();
    backend.answer = (_, usual) => (backend.requests.length === 2 ? { token: token.value } : usual());
    const fresh = manager.rejected('a', token.version);
    await time.advance(3010);
    assert.equal((await fresh).value, 'a-2');
    assert.equal(backend.requests.length, 3);
  });

  it('gives way to the token that the origin accepted before, if the answer is no better', async () => {
    const { backend, time, manager, token, recorder } = await setUp();
    manager.accepted('a', token.version);
    backend.answer = () => 'error';
    await time.advance(23_000);
    const worse = await manager.get('a');
    assert.equal(worse.value, 'error');
    const again = manager.rejected('a', worse.version);
    await time.advance(10);
    assert.equal((await again).value, token.value);
    assert.equal(recorder.lastError?.code, 'token-rejected');
    assert.equal(manager.status('a').state, 'retrying');
    backend.answer = (_, usual) => usual();
    await time.advance(3000);
    assert.equal((await manager.get('a')).value, 'a-2');
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('gives way to that token also if the next new one is refused, too', async () => {
    const { backend, time, manager, token } = await setUp();
    manager.accepted('a', token.version);
    await time.advance(23_000);
    const second = await manager.get('a');
    assert.equal(second.value, 'a-2');
    const third = manager.rejected('a', second.version);
    await time.advance(10);
    assert.equal((await third).value, 'a-3');
    assert.equal((await manager.rejected('a', (await third).version)).value, token.value);
    assert.equal(backend.requests.length, 3);
    await time.advance(3000);
    assert.equal((await manager.get('a')).value, 'a-4');
  });

  it('is not replaced by an older one that has expired', async () => {
    const { time, manager, token } = await setUp();
    manager.accepted('a', token.version);
    await time.advance(23_000);
    const second = await manager.get('a');
    await time.advance(8000);
    const third = manager.rejected('a', second.version);
    await time.advance(10);
    await assert.rejects(manager.rejected('a', (await third).version), { code: 'token-rejected' });
  });

  it('may be returned again by a refresh in the same second', async () => {
    const { backend, time, manager, token, recorder } = await setUp();
    backend.answer = () => ({ token: token.value, expiresAt: backend.nowSeconds + 30 });
    const again = manager.refresh('a');
    await time.advance(10);
    assert.equal((await again).value, token.value);
    assert.equal(recorder.failed.length, 0);
  });

  it('is an error for some time if it had just replaced a refused token', async () => {
    const { backend, time, manager, token } = await setUp();
    const second = manager.rejected('a', token.version);
    await time.advance(10);
    const { version } = await second;
    await assert.rejects(manager.rejected('a', version), { code: 'token-rejected', retryable: true });
    assert.equal(backend.requests.length, 2);
    manager.accepted('a', version);
    const third = manager.rejected('a', version);
    await time.advance(10);
    assert.equal((await third).value, 'a-3');
  });

  it('can be requested by the page after a final error', async () => {
    const { time, manager, token } = await setUp();
    const second = manager.rejected('a', token.version);
    await time.advance(10);
    await assert.rejects(manager.rejected('a', (await second).version), { code: 'token-rejected' });
    const third = manager.refresh('a');
    await time.advance(10);
    const { version } = await third;
    const fourth = manager.rejected('a', version);
    await time.advance(10);
    assert.equal((await fourth).value, 'a-4');
  });

  it('is replaced when the backend recovers from a failure', async () => {
    const { backend, time, manager, token } = await setUp();
    let left = 1;
    backend.answer = (_, usual) => {
      if (left-- > 0) throw new Error('down');
      return usual();
    };
    const fresh = manager.rejected('a', token.version);
    await time.advance(9900);
    assert.equal((await fresh).value, 'a-2');
    assert.ok(backend.reasons.slice(1).every((reason) => reason === 'rejected'));
  });
});
