import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerClock } from '@gatecast/token/internal/time/server-clock';
import { FakeClock } from '../support/fake-clock.js';

const MINUTE_MS = 60_000;

function setUp() {
  const time = new FakeClock();
  const nowMs = time.clock.now();
  return { time, nowMs, server: new ServerClock(time.clock) };
}

function assertNear(actualMs: number, expectedMs: number, withinMs = 1000): void {
  assert.ok(Math.abs(actualMs - expectedMs) <= withinMs, `${actualMs} is not near ${expectedMs}`);
}

describe('ServerClock', () => {
  it('uses the device clock until the first response', () => {
    const { server, nowMs } = setUp();
    assert.equal(server.now(), nowMs);
    assert.equal(server.offsetMs, 0);
  });

  for (const skewMs of [-10 * MINUTE_MS, 10 * MINUTE_MS]) {
    it(`learns an offset of ${skewMs / MINUTE_MS} min from serverTime`, () => {
      const { server, nowMs } = setUp();
      server.observeServerTime(nowMs + skewMs + 123, nowMs - 200, nowMs + 200);
      assert.equal(server.offsetMs, skewMs + 123);
    });

    it(`learns an offset of ${skewMs / MINUTE_MS} min from the iat of a new token`, () => {
      const { server, nowMs } = setUp();
      server.observeIssuedAt(nowMs + skewMs, nowMs, true);
      assertNear(server.offsetMs, skewMs);
    });
  }

  it('is not set back by a cached answer, which repeats its time', () => {
    const { server, nowMs } = setUp();
    server.observeServerTime(nowMs, nowMs - 10, nowMs);
    const offsetMs = server.offsetMs;
    const laterMs = nowMs + MINUTE_MS;
    server.observeServerTime(nowMs, laterMs - 10, laterMs);
    assert.equal(server.offsetMs, offsetMs);
    server.observeServerTime(laterMs, laterMs - 10, laterMs);
    assertNear(server.offsetMs, 0);
  });

  it('treats whole seconds as rounded down', () => {
    const { server, nowMs } = setUp();
    server.observeServerTime(nowMs, nowMs, nowMs);
    assert.equal(server.offsetMs, 500);
  });

  it('prefers serverTime to iat, and the latest serverTime to an older one', () => {
    const { server, nowMs } = setUp();
    server.observeIssuedAt(nowMs - MINUTE_MS, nowMs, true);
    server.observeServerTime(nowMs + 1, nowMs, nowMs);
    server.observeIssuedAt(nowMs - MINUTE_MS, nowMs, true);
    assert.equal(server.offsetMs, 1);
    server.observeServerTime(nowMs - 5001, nowMs, nowMs);
    assert.equal(server.offsetMs, -5001);
  });

  it('is not set back by a token that the backend issued earlier', () => {
    const { server, nowMs } = setUp();
    server.observeIssuedAt(nowMs, nowMs, true);
    server.observeIssuedAt(nowMs - 20_000, nowMs, true);
    assertNear(server.offsetMs, 0);
  });

  it('is corrected by the first new token after a cached one', () => {
    const { server, nowMs } = setUp();
    server.observeIssuedAt(nowMs - 20_000, nowMs, true);
    assertNear(server.offsetMs, -20_000);
    server.observeIssuedAt(nowMs, nowMs, true);
    assertNear(server.offsetMs, 0);
  });

  it('lets a token that the page provided move it forward only', () => {
    const { server, nowMs } = setUp();
    server.observeIssuedAt(nowMs - MINUTE_MS, nowMs, false);
    assert.equal(server.offsetMs, 0);
    server.observeIssuedAt(nowMs + MINUTE_MS, nowMs, false);
    assert.equal(server.offsetMs, MINUTE_MS);
    server.observeIssuedAt(nowMs + 10, nowMs, true);
    assertNear(server.offsetMs, 0, 600);
  });

  it('starts again when the device’s clock was set forward, which makes every token look expired', () => {
    const { server, time, nowMs } = setUp();
    server.observeIssuedAt(nowMs, nowMs, true, nowMs + 30_000);
    time.setWall(10 * MINUTE_MS);
    server.observeIssuedAt(nowMs, time.clock.now(), true, nowMs + 30_000);
    assertNear(server.now(), nowMs);
  });

  it('ignores the delay of a response that arrived after sleep', () => {
    const { server, nowMs } = setUp();
    const hourMs = 60 * MINUTE_MS;
    server.observeServerTime(nowMs + 1, nowMs - hourMs, nowMs);
    assert.equal(server.offsetMs, 1);
    server.observeServerTime(nowMs + MINUTE_MS + 1, nowMs, nowMs);
    server.observeServerTime(nowMs + 1, nowMs, nowMs + hourMs);
    assert.equal(server.offsetMs, 1, 'no later than the stamp allows');
  });
});
