import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EventLog, deferred, type TokenSettings } from '@gatecast/element';
import { AnsweredSource } from '@gatecast/player/internal/playback/answered-source';
import { systemClock, type TokenFunction } from '@gatecast/token';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';
import { FakeClock } from '../support/fake-clock.js';

const MINUTE_MS = 60_000;
const url = 'https://cdn.example/live/a.m3u8';
const refused: TokenFunction = () => Promise.resolve(new Response(null, { status: 401 }));

/** A page without `src` that renders at each failure, each time with a new function, as a framework does. */
class RenderingPage {
  readonly time = new FakeClock();
  readonly host = new EventTarget();
  readonly requestsAtMs: number[] = [];
  readonly errors: string[] = [];
  readonly sources: string[] = [];
  readonly source: AnsweredSource;
  answer: TokenFunction;
  isLoadable = true;

  constructor(context: TestContext, answer: TokenFunction) {
    this.answer = answer;
    const { clock } = this.time;
    context.mock.method(systemClock, 'now', () => clock.now());
    context.mock.method(systemClock, 'at', (...alarm: Parameters<typeof clock.at>) => clock.at(...alarm));
    context.mock.method(systemClock, 'onWake', (...waker: Parameters<typeof clock.onWake>) =>
      clock.onWake(...waker),
    );
    this.host.addEventListener('secure-token-failed', () => {
      this.render();
    });
    this.source = new AnsweredSource({
      host: this.host,
      log: new EventLog(),
      settings: this.#settings(),
      stream: 'a',
      token: null,
      onSource: (url) => {
        this.sources.push(url);
        if (!this.isLoadable) this.render();
        return this.isLoadable;
      },
      onError: ({ code }) => {
        this.errors.push(code);
        this.render();
      },
    });
    void this.source.start();
  }

  /** The element takes what was set in a microtask. */
  render(): void {
    queueMicrotask(() => void this.source.setSettings(this.#settings()));
  }

  /** The most requests in any span of this length. */
  mostRequests(spanMs: number): number {
    const within = (startMs: number) =>
      this.requestsAtMs.filter((atMs) => atMs >= startMs && atMs < startMs + spanMs);
    return Math.max(...this.requestsAtMs.map((startMs) => within(startMs).length));
  }

  #settings(): TokenSettings {
    return {
      tokenUrl: null,
      tokenCredentials: 'same-origin',
      refreshLeadSeconds: 60,
      tokenSource: (request, options) => {
        this.requestsAtMs.push(this.time.clock.now());
        return this.answer(request, options);
      },
    };
  }
}

describe('a page without a source that passes a new token function at each failure', () => {
  const failures: readonly (readonly [string, TokenFunction, string])[] = [
    ['refuses the viewer', refused, 'token-refused'],
    ['is out of order', () => Promise.resolve(new Response(null, { status: 503 })), 'token-endpoint-failed'],
    ['names no address', () => Promise.resolve({ token: 'opaque' }), 'source-missing'],
  ];
  for (const [name, answer, code] of failures)
    for (const renderEveryMs of [Infinity, 100])
      it(`makes 13 requests a minute at most, and three at once, while the backend ${name}${renderEveryMs === 100 ? ', and renders all the time' : ''}`, async (context) => {
        const page = new RenderingPage(context, answer);
        if (renderEveryMs === Infinity) await page.time.advance(10 * MINUTE_MS);
        else
          for (let atMs = 0; atMs < 10 * MINUTE_MS; atMs += renderEveryMs) {
            page.render();
            await page.time.advance(renderEveryMs);
          }
        assert.ok(page.errors.includes(code), page.errors.join());
        assert.ok(page.mostRequests(MINUTE_MS) <= 13, `${page.mostRequests(MINUTE_MS)} requests in a minute`);
        assert.ok(page.mostRequests(1000) <= 3, `${page.mostRequests(1000)} requests at once`);
        page.source.stop();
        assert.equal(page.time.timerCount, 0);
      });

  it('requests nothing more when the access has ended, however often it renders', async (context) => {
    const headers = { 'Content-Type': 'application/problem+json' };
    const end: TokenFunction = () => new Response('{"code":"concurrent-limit"}', { status: 403, headers });
    const page = new RenderingPage(context, end);
    page.render();
    await page.time.advance(5);
    // The body of a response is read in its own time.
    while (page.errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let atMs = 0; atMs < 2 * MINUTE_MS; atMs += 1000) {
      page.render();
      await page.time.advance(1000);
    }
    assert.deepEqual([...new Set(page.errors)], ['concurrent-limit']);
    assert.equal(page.requestsAtMs.length, 1);
    page.source.stop();
  });

  it('makes no second request while one is in flight', async (context) => {
    const response = deferred<{ url: string; token: string }>();
    const page = new RenderingPage(context, () => response.promise);
    for (let renders = 0; renders < 20; renders += 1) {
      page.render();
      await page.time.advance(100);
    }
    assert.equal(page.requestsAtMs.length, 1);
    response.resolve({ url, token: 'opaque' });
    await page.time.advance(100);
    assert.deepEqual(page.sources, [url]);
    page.render();
    await page.time.advance(MINUTE_MS);
    assert.equal(page.requestsAtMs.length, 1);
    assert.equal(page.time.timerCount, 0, 'nothing is left after the source is loaded');
  });

  it('starts with a function that works as soon as another start is allowed', async (context) => {
    const page = new RenderingPage(context, refused);
    await page.time.advance(MINUTE_MS);
    page.answer = () => Promise.resolve({ url, token: 'opaque' });
    page.render();
    await page.time.advance(100);
    assert.deepEqual(page.sources, [url]);
    assert.equal(page.requestsAtMs.length, 4);
    assert.equal(page.time.timerCount, 0);
  });

  it('requests three times at once for a source that cannot be loaded, and renews no token for it', async (context) => {
    const page = new RenderingPage(context, () => Promise.resolve({ url, token: 'opaque', expiresIn: 30 }));
    page.isLoadable = false;
    await page.time.advance(10 * MINUTE_MS);
    assert.equal(page.requestsAtMs.length, 3);
    assert.equal(page.mostRequests(1000), 3);
    page.source.stop();
    assert.equal(page.time.timerCount, 0);
  });
});
