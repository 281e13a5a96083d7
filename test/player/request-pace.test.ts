import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestPace } from '@gatecast/player/internal/engine/hls/request-pace';
import { GatecastError } from '@gatecast/token';

function createPace(random = 0) {
  const time = { nowMs: 1000 };
  return { time, pace: new RequestPace({ now: () => time.nowMs, random: () => random }) };
}

function busy(retryAfterMs: number): GatecastError {
  return new GatecastError('source-failed', 'busy', { hint: '', status: 503, retryAfterMs });
}

/** Requests that all fail, each as soon as it may be sent; returns how many were sent. */
function countFailing(forMs: number): number {
  const { time, pace } = createPace();
  let requests = 0;
  while (time.nowMs < 1000 + forMs) {
    const waitMs = pace.waitMs('main', `segment-${requests}`);
    // A refused connection takes a few milliseconds.
    time.nowMs += waitMs + 5;
    requests += 1;
    pace.failed('main', `segment-${requests}`, null);
  }
  return requests;
}

describe('the pace of requests', () => {
  it('never delays a request that does not follow a failure', () => {
    const { pace } = createPace();
    for (let segment = 0; segment < 1000; segment += 1) {
      assert.equal(pace.waitMs('main', `segment-${segment}`), 0);
      pace.succeeded('main');
    }
  });

  it('lets one failure be repaired at once, from another rendition', () => {
    const { pace } = createPace();
    pace.failed('main', 'high/7.ts', null);
    assert.equal(pace.waitMs('main', 'low/7.ts'), 0);
  });

  it('sends at most 5 requests in the first second of a fault, and at most 1 in 3 s later', () => {
    assert.ok(countFailing(1000) <= 5, `${countFailing(1000)} requests`);
    assert.ok(countFailing(60_000) - countFailing(30_000) <= 10);
  });

  it('waits at most 3.75 s, so that a viewer plays again within 5 s', () => {
    const { pace } = createPace(0.999);
    for (let failure = 0; failure < 50; failure += 1) pace.failed('main', 'a', null);
    assert.ok(pace.waitMs('main', 'b') <= 3750);
  });

  it('counts each kind of request for itself', () => {
    const { pace } = createPace();
    for (let failure = 0; failure < 6; failure += 1) pace.failed('subtitle', 'a', null);
    assert.ok(pace.waitMs('subtitle', 'b') > 0);
    assert.equal(pace.waitMs('main', 'c'), 0);
  });

  it('is at full speed after the first success', () => {
    const { pace } = createPace();
    for (let failure = 0; failure < 6; failure += 1) pace.failed('main', 'a', busy(9000));
    pace.succeeded('main');
    assert.equal(pace.waitMs('main', 'a'), 0);
  });

  it('honours Retry-After for its address, up to 30 s', () => {
    const { time, pace } = createPace();
    pace.failed('level playlist', 'low.m3u8', busy(7000));
    assert.equal(pace.waitMs('level playlist', 'low.m3u8'), 7000);
    assert.equal(pace.waitMs('level playlist', 'high.m3u8'), 0);
    time.nowMs += 7000;
    assert.equal(pace.waitMs('level playlist', 'low.m3u8'), 0);
    pace.failed('level playlist', 'low.m3u8', busy(3_600_000));
    assert.equal(pace.waitMs('level playlist', 'low.m3u8'), 30_000);
  });

  it('spreads the viewers of a stream', () => {
    const waits = [0, 0.5, 0.9].map((random) => {
      const { pace } = createPace(random);
      for (let failure = 0; failure < 5; failure += 1) pace.failed('main', 'a', null);
      return pace.waitMs('main', 'b');
    });
    assert.deepEqual(waits, [1000, 1125, 1225]);
  });
});
