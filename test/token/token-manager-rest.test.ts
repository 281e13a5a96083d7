import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { EventRecorder, FakeTokenBackend, seededRandom } from '../support/fake-token-backend.js';

const LIFE_S = 30;
const MINUTE_MS = 60_000;

async function setUp() {
  const backend = new FakeTokenBackend();
  backend.lifeSeconds = LIFE_S;
  const manager = backend.manager(seededRandom(1));
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  void manager.get('a');
  await backend.time.advance(100);
  return { backend, time: backend.time, manager, recorder, lease };
}

describe('a lease that rests', () => {
  it('requests no token for ten minutes, and leaves no alarm', async () => {
    const { backend, time, lease } = await setUp();
    lease.rest();
    const before = backend.requests.length;
    await time.advance(10 * MINUTE_MS);
    assert.equal(backend.requests.length, before);
    lease.release();
    assert.equal(time.clock.pending, 0);
  });

  it('has a fresh token soon after it resumes', async () => {
    const { backend, time, manager, lease } = await setUp();
    lease.rest();
    await time.advance(10 * MINUTE_MS);
    assert.equal(manager.peek('a'), null);
    const before = backend.requests.length;
    lease.resume();
    await time.advance(200);
    assert.notEqual(manager.peek('a'), null);
    assert.equal(backend.requests.length, before + 1);
    await time.advance(MINUTE_MS);
    assert.ok(backend.requests.length > before + 2, 'it is renewed by schedule again');
  });

  it('keeps a token that is still good, without a request', async () => {
    const { backend, time, manager, lease } = await setUp();
    const token = manager.peek('a');
    lease.rest();
    await time.advance(5000);
    const before = backend.requests.length;
    lease.resume();
    await time.advance(200);
    assert.equal(manager.peek('a'), token);
    assert.equal(backend.requests.length, before);
  });

  it('still fetches a token that is asked for, and does not renew it', async () => {
    const { backend, time, manager, lease } = await setUp();
    lease.rest();
    await time.advance(MINUTE_MS);
    const before = backend.requests.length;
    const asked = manager.get('a');
    await time.advance(200);
    assert.equal((await asked).stream, 'a');
    await time.advance(MINUTE_MS);
    assert.equal(backend.requests.length, before + 1);
  });

  it('leaves a stream ended whose access has ended, and renews the others when it resumes', async () => {
    const { backend, time, manager, lease } = await setUp();
    lease.setStreams(['a', 'b']);
    void manager.get('b');
    await time.advance(200);
    manager.end('a', new GatecastError('concurrent-limit', 'Access has ended.', { hint: 'None.' }));
    lease.rest();
    const before = backend.requests.length;
    await time.advance(10 * MINUTE_MS);
    assert.equal(backend.requests.length, before);
    lease.resume();
    const asked = manager.get('a').catch((error: unknown) => (error as GatecastError).code);
    await time.advance(200);
    assert.equal(await asked, 'concurrent-limit');
    assert.deepEqual([manager.status('a').state, manager.status('b').state], ['failed', 'fresh']);
    assert.deepEqual(
      backend.requests.slice(before).map(({ streams }) => streams),
      [['b']],
    );
    void manager.refresh('a');
    await time.advance(200);
    assert.equal(manager.status('a').state, 'fresh');
    lease.release();
  });

  it('ends the retries of an outage', async () => {
    const { backend, time, lease } = await setUp();
    backend.answer = () => {
      throw new GatecastError('token-endpoint-failed', 'HTTP 503', {
        hint: 'Wait.',
        status: 503,
        retryable: true,
      });
    };
    await time.advance(MINUTE_MS);
    lease.rest();
    const before = backend.requests.length;
    await time.advance(10 * MINUTE_MS);
    assert.ok(backend.requests.length <= before + 1);
  });

  it('does not end the renewals of another lease of the stream', async () => {
    const { backend, time, manager, lease } = await setUp();
    manager.lease({ streams: ['a'], onEvent: () => undefined });
    lease.rest();
    const before = backend.requests.length;
    await time.advance(2 * MINUTE_MS);
    assert.ok(backend.requests.length >= before + 3);
  });
});
