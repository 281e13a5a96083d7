import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VENDOR_CODES } from '@gatecast/player/internal/engine/nanoplayer/vendor-codes';
import { GatecastError } from '@gatecast/token';
import { settle } from '../support/fake-clock.js';
import { createHandler, fail, play } from './support/failure-fixture.js';

describe('a vendor’s code that is information', () => {
  for (const [code, kind] of VENDOR_CODES) {
    if (kind !== 'information') continue;
    it(`${code} changes nothing, however often it comes`, async () => {
      const fixture = await createHandler();
      play(fixture);
      for (let packet = 0; packet < 100; packet += 1) {
        fixture.handler.onError(code);
        await fixture.time.advance(40);
      }
      await fixture.time.advance(60_000);
      assert.deepEqual(fixture.log, []);
    });
  }
});

describe('a broadcast that stops', () => {
  it('is the end of the stream, without a token request or an error, and is tried again with backoff', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 2004, 'sourcestreamstopped');
    assert.deepEqual(fixture.log, ['ended']);
    await fixture.time.advance(999);
    assert.deepEqual(fixture.log, ['ended']);
    await fixture.time.advance(1);
    assert.deepEqual(fixture.log, ['ended', 'update']);
    await fail(fixture, 2004, 'sourcestreamstopped');
    await fixture.time.advance(1999);
    assert.equal(fixture.count('update'), 1);
    await fixture.time.advance(1);
    assert.equal(fixture.count('update'), 2);
    play(fixture);
    await fixture.time.advance(120_000);
    assert.deepEqual([fixture.count('update'), fixture.count('token'), fixture.errors.length], [2, 0, 0]);
  });

  it('is recognised too when the pause comes before the error', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onPause('sourcestreamstopped');
    fixture.handler.onError(2004);
    await settle();
    assert.deepEqual(fixture.log, ['ended']);
  });

  it('is not taken for a refused token when no pause comes', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onError(2004);
    await fixture.time.advance(249);
    assert.deepEqual(fixture.log, []);
    await fixture.time.advance(1);
    assert.deepEqual(fixture.log, ['ended']);
  });

  it('before it has begun is one error, which ends when the stream plays', async () => {
    const fixture = await createHandler();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await fail(fixture, 2001, 'streamnotfound');
      await fixture.time.advance(30_000);
    }
    assert.deepEqual([fixture.count('error source-not-found'), fixture.count('update')], [1, 5]);
    play(fixture);
    assert.equal(fixture.log.at(-1), 'resumed');
  });

  it('is noticed also during the setup of the player', async () => {
    const fixture = await createHandler({ isSetUp: false });
    await fail(fixture, 2004, 'sourcestreamstopped');
    assert.deepEqual(fixture.log, []);
    fixture.handler.begin();
    await settle();
    assert.deepEqual(fixture.log, ['error source-not-found']);
  });

  it('plays by a call when the player has the source already', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 2004, 'sourcestreamstopped');
    await fixture.time.advance(1000);
    fixture.handler.onOutcome('equalsource');
    assert.deepEqual(fixture.log, ['ended', 'update', 'play']);
  });
});

describe('a refused token', () => {
  for (const [code, reason] of [
    [4901, 'playbackerror'],
    [2004, 'playbackerror'],
  ] as const) {
    it(`is replaced twice in a minute, then ends with an error: ${code}`, async () => {
      const fixture = await createHandler();
      play(fixture);
      for (let refusal = 0; refusal < 5; refusal += 1) await fail(fixture, code, reason);
      assert.deepEqual(fixture.log, ['token', 'update', 'token', 'update', 'error vendor-player-failed']);
      assert.equal(fixture.errors[0]?.vendorCode, code);
    });
  }

  it('is replaced once when two events report it', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onError(4901);
    fixture.handler.onError(4901);
    await settle();
    assert.deepEqual(fixture.log, ['token', 'update']);
  });

  it('that was itself fresh ends with the vendor’s code', async () => {
    const fixture = await createHandler({
      rejected: () => Promise.reject(new GatecastError('token-rejected', 'm', { hint: 'h' })),
    });
    play(fixture);
    await fail(fixture, 4903);
    assert.deepEqual(
      [fixture.errors[0]?.code, fixture.errors[0]?.vendorCode],
      ['vendor-player-failed', 4903],
    );
  });
});

describe('a fault that passes', () => {
  for (const code of [4900, 4904, 4503, 3003]) {
    it(`${code} is not an error at first, and not when it passes`, async () => {
      const fixture = await createHandler();
      play(fixture);
      await fail(fixture, code);
      assert.deepEqual(fixture.log, []);
      await fixture.time.advance(1000);
      play(fixture);
      await fixture.time.advance(120_000);
      assert.deepEqual(fixture.log, ['update']);
    });
  }

  it('that lasts is one retryable error after 30 s; the attempts go on, and success ends the error', async () => {
    const fixture = await createHandler();
    play(fixture);
    const endMs = fixture.time.clock.now() + 180_000;
    await fail(fixture, 4900);
    while (fixture.time.clock.now() < endMs) {
      const updates = fixture.count('update');
      await fixture.time.advance(500);
      if (fixture.count('update') > updates) await fail(fixture, 4900);
    }
    assert.equal(fixture.errors.length, 1);
    assert.deepEqual([fixture.errors[0]?.retryable, fixture.errors[0]?.vendorCode], [true, 4900]);
    assert.equal(fixture.count('token'), 0);
    play(fixture);
    assert.equal(fixture.log.at(-1), 'resumed');
  });

  it('of an update changes nothing when the player plays on', async () => {
    const fixture = await createHandler();
    play(fixture);
    for (const code of [4006, 4005, 4106, 2004]) {
      fixture.handler.onUpdateFailed(code);
      await fixture.time.advance(60_000);
    }
    assert.deepEqual(fixture.log, []);
  });

  it('of an update that stops the player is answered, once', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onUpdateFailed(4900);
    fixture.handler.onPause('playbackerror');
    await fixture.time.advance(1000);
    assert.deepEqual(fixture.log, ['update']);
    fixture.handler.onUpdateFailed(4900);
    await fail(fixture, 4900);
    await fixture.time.advance(2000);
    assert.deepEqual(fixture.log, ['update', 'update']);
  });

  it('that fails an update for a refused token is answered before a pause', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onUpdateFailed(4901);
    await settle();
    assert.deepEqual(fixture.log, ['token', 'update']);
  });

  it('is tried at once when the network is back', async () => {
    const fixture = await createHandler();
    play(fixture);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await fail(fixture, 4900);
      await fixture.time.advance(30_000);
    }
    await fail(fixture, 4900);
    const updates = fixture.count('update');
    await fixture.time.wake('online');
    await fixture.time.wake('online');
    await fixture.time.advance(1999);
    assert.equal(fixture.count('update'), updates, 'within 2 s of the last attempt');
    await fixture.time.advance(1);
    await fixture.time.wake('online');
    assert.equal(fixture.count('update'), updates + 1);
  });

  it('is not tried while the page wants no playback', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 4900);
    fixture.handler.onPauseRequest();
    await fixture.time.advance(120_000);
    assert.deepEqual(fixture.log, []);
  });

  it('of a hidden page is tried when the page is visible', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 1007, 'playbacksuspended');
    await fixture.time.advance(120_000);
    assert.deepEqual(fixture.log, []);
    await fixture.time.wake('visible');
    assert.deepEqual(fixture.log, ['update']);
  });

  it('leaves no timer or listener when the engine is removed', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 4900);
    fixture.handler.onError(2004);
    fixture.controller.abort();
    assert.equal(fixture.time.clock.pending, 0);
  });
});

describe('a token for the vendor’s player that does not come', () => {
  const refused = new GatecastError('token-refused', 'no token', { hint: 'h' });
  const late = new GatecastError('token-endpoint-failed', 'HTTP 503', { hint: 'h', retryable: true });

  it('does not matter while the player plays, or while nobody wants it to', async () => {
    const playing = await createHandler();
    play(playing);
    playing.handler.onTokenError(refused);
    const paused = await createHandler();
    paused.handler.onPauseRequest();
    paused.handler.onTokenError(refused);
    assert.deepEqual([...playing.errors, ...paused.errors], []);
  });

  it('is an error for a call of play() that waits for it', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onPauseRequest();
    fixture.handler.onPause('normal');
    const begun = fixture.playState.start(() => fixture.handler.onTokenError(refused));
    await assert.rejects(begun, { name: 'NotSupportedError' });
    assert.deepEqual(fixture.errors, [refused]);
  });

  it('is tried again when that may help, and told meanwhile', async () => {
    const fixture = await createHandler();
    play(fixture);
    fixture.handler.onPauseRequest();
    fixture.handler.onPause('normal');
    const begun = fixture.playState.start(() => fixture.handler.onTokenError(late));
    await assert.rejects(begun, { name: 'NotSupportedError' });
    assert.deepEqual(fixture.errors, [late]);
    const before = fixture.count('update');
    await fixture.time.advance(5000);
    assert.equal(fixture.count('update'), before + 1);
  });
});

describe('another source', () => {
  it('is not judged by what the old one did', async () => {
    const fixture = await createHandler();
    play(fixture);
    await fail(fixture, 2004, 'sourcestreamstopped');
    assert.equal(fixture.count('ended'), 1);
    fixture.handler.reset();
    const before = fixture.count('update');
    await fixture.time.advance(60_000);
    assert.equal(fixture.count('update'), before, 'the old stream is not tried again');
    fixture.handler.onError(2003);
    await settle();
    assert.equal(fixture.errors.at(-1)?.code, 'source-not-found');
    assert.equal(fixture.count('ended'), 1);
  });
});
