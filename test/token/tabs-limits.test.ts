import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customSource, endpointSource, tokenEndpoint, TokenManager } from '@gatecast/token';
import { questionOf } from '@gatecast/token/internal/tabs/group-name';
import { readMessage, VERSION } from '@gatecast/token/internal/tabs/tab-message';
import { useTabs, values } from './support/open-tabs.js';

const url = 'https://app.example/api/tokens';
const setUp = useTabs();

describe('what tabs may share', () => {
  it('is not what an own fetch returns', async () => {
    const fetch = () => Promise.reject(new Error('unused'));
    assert.equal(questionOf(endpointSource({ url, session: 's', fetch })), null);
    assert.notEqual(questionOf(endpointSource({ url, session: 's' })), null);
    const { backend, browser, start } = setUp(2, { scope: { fetch } });
    await start();
    assert.equal(backend.requests.length, 2);
    assert.equal(browser.sent.length + browser.names.size, 0);
  });

  it('is not what a function returns that does not say what it asks', async () => {
    const { backend, browser, start } = setUp(2, { endpoint: null });
    await start();
    assert.equal(backend.requests.length, 2);
    assert.equal(browser.sent.length + browser.names.size, 0);
  });

  it('is what functions return that ask the same', async () => {
    const { backend, tabs, open, time, start } = setUp(2, { endpoint: null, sharedAs: 'watch' });
    const admin = open({ sharedAs: 'admin' });
    await start();
    admin.start();
    await time.advance(500);
    assert.equal(backend.requests.length, 2);
    assert.equal(values(tabs).size, 1);
    assert.notEqual(admin.value(), tabs[0].value());
  });

  it('is what an endpoint with the same options returns, if they are text', () => {
    const question = (options: Parameters<typeof tokenEndpoint>[0]) =>
      questionOf(customSource(tokenEndpoint(options), { session: 's' }));
    const plain = question({ url, method: 'GET', map: 'data.token' });
    assert.ok(plain);
    assert.equal(question({ url, method: 'GET', map: 'data.token' }), plain);
    assert.notEqual(question({ url: `${url}/admin`, method: 'GET', map: 'data.token' }), plain);
    assert.notEqual(question({ url, headers: { Authorization: 'Bearer 1' } }), question({ url }));
    assert.equal(question({ url, headers: () => ({}) }), null);
    assert.equal(question({ url: () => url }), null);
    assert.equal(question({ url: 'no host and no page' }), null);
  });

  it('does not include the fault of one page’s function', async () => {
    const { backend, time, open } = setUp(0);
    const common = { endpoint: null, sharedAs: 'watch' };
    const wrong = open({ ...common, answer: () => ({ tokens: [{ stream: 'b' }] }) });
    const right = open(common);
    wrong.start(['a']);
    right.start(['a']);
    await time.advance(3000);
    assert.ok(right.value() !== undefined);
    assert.ok(backend.requests.length <= 2);
  });

  it('does not include a token from before for a page that asks for a new one', async () => {
    const { backend, time, tabs, start } = setUp(2, { streams: ['a'] });
    await start();
    backend.latencyMs = 800;
    while (backend.requests.length < 2) await time.advance(50);
    for (const { manager } of tabs) manager.refresh('a').catch(() => undefined);
    await time.advance(5000);
    assert.ok(backend.reasons.includes('manual'));
  });

  it('does not replace what the page gives before it is due', async () => {
    const { backend, time, tabs } = setUp(2, { streams: ['a'] });
    const payload = Buffer.from(JSON.stringify({ exp: backend.nowSeconds + 3600 })).toString('base64url');
    const given = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.x`;
    tabs[0].start();
    await time.advance(500);
    tabs[1].manager.seed('a', given);
    await time.advance(60_000);
    assert.equal(tabs[1].value(), given);
  });

  it('does not include a token that an origin refuses', async () => {
    const { backend, time, tabs, open, start } = setUp(1, { streams: ['a'] });
    await start();
    backend.answer = () => new Response(null, { status: 503 });
    const [first] = tabs;
    first.manager.rejected('a', first.manager.peek('a')?.version ?? 0).catch(() => undefined);
    await time.advance(3000);
    const late = open();
    late.start();
    await time.advance(200);
    assert.equal(late.value(), undefined);
  });

  it('has neither holes in its lists nor times that are none', () => {
    const item = { stream: 'a', value: 'x', expiresAtMs: null, receivedAtMs: 1 };
    const good = {
      v: VERSION,
      from: 'x',
      type: 'tokens',
      items: [item],
      to: null,
      aheadMs: 0,
      rejections: 0,
    };
    assert.ok(readMessage(good));
    assert.equal(readMessage({ ...good, items: Array(3) }), null);
    assert.equal(readMessage({ ...good, aheadMs: 1e300 }), null);
    assert.equal(readMessage({ v: VERSION, from: 'x', type: 'also', streams: Array(3) }), null);
  });
});

describe('how often tabs ask', () => {
  const refusing = (limit: number) => (request: { streams: readonly string[] }, usual: () => unknown) =>
    request.streams.length > limit ? new Response(null, { status: 400 }) : usual();

  it('never for more streams than an endpoint takes', async () => {
    const { backend, time, open } = setUp(0);
    backend.answer = refusing(32);
    const tabs = [1, 2, 3, 4].map((tab) =>
      open({ streams: Array.from({ length: 10 }, (_, index) => `s${tab}-${index}`) }),
    );
    for (const tab of tabs) tab.start();
    await time.advance(60_000);
    assert.ok(backend.requests.every(({ streams }) => streams.length <= 32));
    assert.ok(backend.requests.length <= 16, `${backend.requests.length} requests`);
    for (const tab of tabs) assert.deepEqual(tab.recorder.failed, []);
  });

  it('not for each stream that another tab has added, if the request fails', async () => {
    const { backend, browser, time, tabs, start } = setUp(1, { streams: ['a'] });
    await start();
    const streams = Array.from({ length: 1000 }, (_, index) => `x${index}`);
    for (let ms = 0; ms < 23_000; ms += 1000) {
      const data = { v: VERSION, from: 'x', type: 'want', streams, isWaiting: false };
      for (const channel of browser.channels) channel.onmessage?.(new MessageEvent('message', { data }));
      backend.answer = refusing(1);
      await time.advance(1000);
    }
    assert.ok(backend.requests.length <= 3, `${backend.requests.length} requests`);
    assert.ok(tabs[0].value() !== undefined);
  });

  for (const status of [404, 400])
    it(`for streams that fail with ${status} at most twice what one tab asks, in five`, async () => {
      const count = async (number: number) => {
        const { backend, time, start } = setUp(number);
        await start();
        backend.answer = () => new Response(null, { status });
        await time.advance(21_000);
        const before = backend.requests.length;
        await time.advance(60_000);
        return backend.requests.length - before;
      };
      const [one, five] = [await count(1), await count(5)];
      assert.ok(five <= 2 * one, `${five} requests instead of ${one}`);
    });

  it('not five times at once when a backend takes longer than they wait', async () => {
    const { backend, time, tabs } = setUp(5, { streams: ['a'] });
    backend.latencyMs = 2500;
    for (const tab of tabs) tab.start();
    await time.advance(8000);
    assert.ok(tabs.every((tab) => tab.value() !== undefined));
    assert.ok(backend.requests.length <= 3, `${backend.requests.length} requests`);
  });

  it('does not depend on the device’s clock after a failure', async () => {
    const { backend, time, tabs, start } = setUp(3, { streams: ['a'] });
    await start();
    backend.answer = () => new Response(null, { status: 503 });
    while (backend.requests.length < 2) await time.advance(50);
    await time.advance(100);
    time.setWall(-3_600_000);
    backend.answer = (_, usual) => usual();
    await time.advance(30_000);
    for (const tab of tabs) assert.ok(tab.value() !== undefined);
  });
});

describe('a page that is left while it waits for its turn', () => {
  it('takes no lock and no turn with it, and joins again', async () => {
    const { backend, browser, time, tabs } = setUp(3, { streams: ['a'] });
    backend.latencyMs = 1500;
    for (const tab of tabs) tab.start();
    await time.advance(300);
    const waiting = tabs.find(
      (tab) => !browser.held.some((lock) => lock.tab === tab && lock.name.endsWith('turn')),
    );
    waiting?.hide();
    await time.advance(1);
    assert.ok(![...browser.held, ...browser.pending].some(({ tab }) => tab === waiting));
    await time.advance(4000);
    assert.equal(backend.requests.length, 1);
    assert.equal(values(tabs).size, 1);
    assert.ok(waiting?.value() !== undefined);
  });
});

describe('a manager that shares', () => {
  it('connects again after the browser has failed once', async () => {
    const { backend, browser, time, tabs } = setUp(2, { streams: ['a'] });
    const [first] = tabs;
    const results: Promise<string>[] = [Promise.reject(new Error('once'))];
    results[0]?.catch(() => undefined);
    const { environment } = first;
    const tabEnvironment = {
      ...environment,
      digest: (text: string) => results.pop() ?? environment.digest(text),
    };
    const scope = { session: 'key', url, tabEnvironment };
    const source = { ...backend.source, scope };
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    const lease = manager.lease({ streams: ['a'] });
    manager.get('a').catch(() => undefined);
    await time.advance(60_000);
    assert.ok([...browser.channels].length > 0);
    lease.release();
  });
});
