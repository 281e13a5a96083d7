import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customSource, endpointSource, sharedTokenManager, TokenManager } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder, FakeTokenBackend } from '../support/fake-token-backend.js';

const name = (error: unknown) => (error as Error).name;

describe('TokenManager: leases', () => {
  for (const [phase, advanceMs, latencyMs] of [
    ['before its request is sent', 0, 0],
    ['in flight', 20, 500],
    ['fresh', 600, 500],
    ['retrying', 600, -1],
  ] as const) {
    it(`has no timer or request after a release ${phase}`, async () => {
      const backend = new FakeTokenBackend();
      backend.latencyMs = Math.max(0, latencyMs);
      if (latencyMs < 0) backend.answer = () => Promise.reject(new Error('down'));
      const manager = backend.manager();
      const lease = manager.lease({ streams: ['a', 'b'] });
      const wait = manager.get('a').catch(name);
      await backend.time.advance(advanceMs);
      lease.release();
      lease.release();
      assert.equal(backend.time.clock.pending, 0);
      if (phase !== 'fresh') assert.equal(await wait, 'AbortError');
      if (phase === 'in flight') assert.equal(backend.requests[0]?.signal.aborted, true);
      await backend.time.advance(3_600_000);
      assert.ok(backend.requests.length <= 2);
      assert.equal(manager.status('a').state, 'none');
    });
  }

  it('can be created again after a release', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    backend.latencyMs = 100;
    for (let round = 1; round <= 3; round += 1) {
      const lease = manager.lease({ streams: ['a'] });
      const wait = manager.get('a');
      await backend.time.advance(20_000);
      assert.ok((await wait).value);
      await backend.time.advance(60_000);
      assert.equal(manager.status('a').state, 'fresh');
      lease.release();
      assert.equal(backend.time.clock.pending, 0);
    }
  });

  it('does not get the response of a request from before the release', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    backend.latencyMs = 100;
    const first = manager.lease({ streams: ['a'] });
    const left = manager.get('a').catch(name);
    await backend.time.advance(50);
    first.release();
    manager.lease({ streams: ['a'] });
    const wait = manager.get('a');
    await backend.time.advance(500);
    assert.equal(await left, 'AbortError');
    assert.equal((await wait).stream, 'a');
    assert.equal(backend.requests.length, 2);
  });

  it('shares a token among leases and keeps it until the last release', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    const [one, two] = [new EventRecorder(), new EventRecorder()];
    const first = manager.lease({ streams: ['a'], onEvent: one.onEvent });
    const second = manager.lease({ streams: ['a'], onEvent: two.onEvent });
    const waits = Promise.all([manager.get('a'), manager.get('a')]);
    await backend.time.advance(10);
    const [a, b] = await waits;
    assert.equal(a, b);
    first.release();
    assert.equal(await manager.get('a'), b);
    await backend.time.advance(30_000);
    assert.equal(one.refreshed.length, 1);
    assert.equal(two.refreshed.length, 2);
    second.release();
    assert.equal(backend.time.clock.pending, 0);
  });

  it('removes and adds streams while it is held, but not after its release', async () => {
    const backend = new FakeTokenBackend();
    const manager = backend.manager();
    const lease = manager.lease({ streams: ['a', 'b'] });
    const left = manager.get('a').catch(name);
    const kept = manager.get('b');
    lease.setStreams(['b', 'c']);
    assert.deepEqual([...lease.streams], ['b', 'c']);
    assert.equal(await left, 'AbortError');
    await backend.time.advance(10);
    assert.equal((await kept).stream, 'b');
    assert.deepEqual(backend.requests[0]?.streams, ['b']);
    lease.release();
    lease.setStreams(['d']);
    assert.equal(backend.time.clock.pending, 0);
  });
});

describe('sharedTokenManager', () => {
  const url = 'https://shop.example/api/tokens';

  it('is the same for one source and purpose', () => {
    const source = () => endpointSource({ url });
    const one = sharedTokenManager({ source: source(), purpose: 'playback' });
    assert.equal(sharedTokenManager({ source: source(), purpose: 'playback' }), one);
    assert.notEqual(sharedTokenManager({ source: source(), purpose: 'ingest' }), one);
    assert.notEqual(
      sharedTokenManager({ source: endpointSource({ url, credentials: 'include' }), purpose: 'playback' }),
      one,
    );
    const ask = () => Promise.resolve('t');
    const custom = sharedTokenManager({ source: customSource(ask), purpose: 'playback' });
    assert.equal(sharedTokenManager({ source: customSource(ask), purpose: 'playback' }), custom);
    assert.ok(custom instanceof TokenManager && custom !== one);
  });

  it('requests one token for two players of one stream', async () => {
    const backend = new FakeTokenBackend();
    const managers = [1, 2].map(() =>
      sharedTokenManager({ source: backend.source, purpose: 'playback', clock: backend.time.clock }),
    );
    const leases = managers.map((manager) => manager.lease({ streams: ['a'] }));
    const tokens = Promise.all(managers.map((manager) => manager.get('a')));
    await backend.time.advance(10);
    await tokens;
    assert.equal(backend.requests.length, 1);
    for (const lease of leases) lease.release();
    assert.equal(backend.time.clock.pending, 0);
  });

  it('is removed with its last lease, and shared again with the next one', () => {
    const { clock } = new FakeClock();
    const source = customSource(() => Promise.resolve('t'));
    const share = () => sharedTokenManager({ source, purpose: 'playback', clock });
    const one = share();
    one.lease({ streams: ['a'] }).release();
    one.lease({ streams: ['a'] });
    assert.equal(share(), one);
    const other = customSource(() => Promise.resolve('t'));
    const two = sharedTokenManager({ source: other, purpose: 'playback', clock });
    two.lease({ streams: ['a'] }).release();
    assert.notEqual(sharedTokenManager({ source: other, purpose: 'playback', clock }), two);
  });
});
