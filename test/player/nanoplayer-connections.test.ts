import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { createHandler, fail, play, type Fixture } from './support/failure-fixture.js';

describe('connections that fail', () => {
  /** The delays of the vendor’s player between its attempts, in milliseconds. */
  const DELAYS_MS = [2000, 2900, 3800, 4700, 5600, 6400, 7300, 8200, 9100, 10_000];

  /** The vendor’s player connects again and again without success. */
  async function reconnect(fixture: Fixture, attempts = DELAYS_MS.length): Promise<void> {
    for (const delayMs of DELAYS_MS.slice(0, attempts)) {
      fixture.handler.onPause('reconnectionimminent');
      await fixture.time.advance(delayMs);
    }
  }

  it('cost one fresh token, then one error within 15 s that names all causes', async () => {
    const fixture = await createHandler();
    await reconnect(fixture, 2);
    assert.deepEqual(fixture.log, ['token', 'update']);
    await reconnect(fixture, 1);
    await fixture.time.advance(15_000 - 6900);
    assert.deepEqual(fixture.log, ['token', 'update', 'error vendor-player-failed']);
    assert.deepEqual([fixture.errors[0]?.vendorCode, fixture.errors[0]?.retryable], [4106, true]);
    await reconnect(fixture);
    assert.equal(fixture.log.length, 3);
    play(fixture);
    assert.equal(fixture.log.at(-1), 'resumed');
  });

  it('play on after a refused token was replaced, without an error', async () => {
    const fixture = await createHandler();
    play(fixture);
    await reconnect(fixture, 3);
    play(fixture);
    await fixture.time.advance(60_000);
    assert.deepEqual(fixture.log, ['token', 'update']);
  });

  it('after playback are not counted before the lost connection was followed by a failed one', async () => {
    const fixture = await createHandler();
    for (let loss = 0; loss < 10; loss += 1) {
      play(fixture);
      await reconnect(fixture, 2);
    }
    assert.deepEqual(fixture.log, []);
  });

  it('are not an error in an outage shorter than 12 s', async () => {
    const fixture = await createHandler();
    play(fixture);
    await reconnect(fixture, 4);
    play(fixture);
    await fixture.time.advance(60_000);
    assert.equal(fixture.errors.length, 0);
  });

  it('ask for no token and are not an error while the browser is offline', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.state.isOnline = false;
    await reconnect(fixture);
    await fail(fixture, 4106, 'connectionclose');
    await fixture.time.advance(120_000);
    assert.deepEqual([fixture.count('token'), fixture.errors.length], [0, 0]);
    assert.ok(fixture.count('update') > 0, 'it still tries');
  });

  it('never end in an error of the token when the token endpoint cannot be reached either', async () => {
    const fixture = await createHandler({
      isTokenOld: true,
      rejected: () =>
        Promise.reject(new GatecastError('token-endpoint-unreachable', 'm', { hint: 'h', retryable: true })),
    });
    play(fixture);
    await reconnect(fixture);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await fail(fixture, 4106, 'connectionclose');
      await fixture.time.advance(30_000);
    }
    assert.deepEqual([...new Set(fixture.errors.map(({ code }) => code))], ['vendor-player-failed']);
    assert.ok(fixture.errors.every(({ retryable }) => retryable));
  });

  it('are the engine’s own business while its player connects again', async () => {
    const fixture = await createHandler();
    assert.equal(fixture.handler.isRetrying, false, 'before any fault');
    await reconnect(fixture);
    assert.equal(fixture.handler.isRetrying, true);
    play(fixture);
    assert.equal(fixture.handler.isRetrying, false);
    await fail(fixture, 4106, 'connectionclose');
    assert.equal(fixture.handler.isRetrying, true);
    fixture.handler.onPauseRequest();
    await fixture.time.advance(60_000);
    assert.equal(fixture.handler.isRetrying, false);
  });

  it('end with the endpoint’s error when it refuses a token for good', async () => {
    const fixture = await createHandler({
      rejected: () => Promise.reject(new GatecastError('token-refused', 'm', { hint: 'h' })),
    });
    await reconnect(fixture, 2);
    assert.deepEqual(fixture.log, ['token', 'error token-refused']);
  });

  it('count once when two events report them', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onError(4106);
    await fail(fixture, 4106, 'connectionclose');
    await fixture.time.advance(900);
    assert.deepEqual(fixture.log, []);
  });
});
