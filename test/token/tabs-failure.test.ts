import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakeBrowser, FakeTab } from './support/fake-tabs.js';
import { useTabs, values } from './support/open-tabs.js';

const setUp = useTabs();
const errorsOf = ({ recorder }: FakeTab) => recorder.failed.map(({ error }) => error.code);
const holder = ({ held }: FakeBrowser) => held.find(({ name }) => name.endsWith('turn'))?.tab;

describe('tabs when the one that asks fails', () => {
  it('ask again at once when it crashes in the middle of a request', async () => {
    const { backend, browser, time, tabs } = setUp(3);
    backend.latencyMs = 200;
    for (const tab of tabs) tab.start();
    await time.advance(150);
    const asking = holder(browser);
    assert.ok(asking);
    asking.crash();
    await time.advance(250);
    const others = tabs.filter((tab) => tab !== asking);
    assert.equal(values(others).size, 1);
    assert.ok(others[0]?.value() !== undefined);
    assert.equal(backend.requests.length, 2);
  });

  it('take its turn when it is stopped with a request in flight, and do not meet the old token again', async () => {
    const { backend, browser, time, tabs, start } = setUp(3);
    await start();
    backend.latencyMs = 50;
    while (!holder(browser)) await time.advance(5);
    const stopped = holder(browser);
    assert.ok(stopped);
    stopped.isStopped = true;
    await time.advance(5000);
    const others = tabs.filter((tab) => tab !== stopped);
    const renewed = values(others);
    assert.equal(renewed.size, 1);
    assert.ok([...renewed].every((value) => value !== undefined && value !== 'a-1'));
    for (const tab of others) assert.deepEqual(errorsOf(tab), []);
    assert.ok(backend.requests.length <= 3, `${backend.requests.length} requests`);
    // Another round goes on without it, and it joins again when it goes on.
    await time.advance(25_000);
    for (const tab of others) assert.ok(tab.value() !== undefined);
    await stopped.goOn();
    await time.advance(30_000);
    assert.equal(values(tabs).size, 1);
    assert.ok(tabs[0].value() !== undefined);
  });

  it('have tokens in time when each tab stops in turn with tokens of 6 s', async () => {
    const { backend, browser, time, tabs } = setUp(4);
    backend.lifeSeconds = 6;
    backend.latencyMs = 50;
    for (const tab of tabs) tab.start();
    await time.advance(1500);
    for (let round = 0; round < 6; round += 1) {
      while (!holder(browser)) await time.advance(20);
      const stopped = holder(browser);
      if (!stopped) break;
      stopped.isStopped = true;
      for (let step = 0; step < 200; step += 1) {
        await time.advance(20);
        for (const tab of tabs) if (tab !== stopped) assert.ok(tab.value() !== undefined, `${round} ${step}`);
      }
      await stopped.goOn();
      await time.advance(500);
    }
  });

  it('do not wait long for a slow backend that another tab asks', async () => {
    const { backend, time, tabs } = setUp(2);
    backend.answer = async ({ atMs }, usual) => {
      // Only the first request hangs.
      if (backend.requests.length === 1) await new Promise(() => undefined);
      return atMs && usual();
    };
    for (const tab of tabs) tab.start();
    await time.advance(5200);
    assert.ok(tabs.some((tab) => tab.value() !== undefined));
    assert.ok(tabs.every((tab) => tab.value() === tabs[0].value()));
  });

  it('all take a final refusal, with its status, from one request', async () => {
    const { backend, tabs, start } = setUp(3);
    backend.answer = () => new Response(null, { status: 401 });
    await start();
    assert.equal(backend.requests.length, 1);
    for (const tab of tabs) {
      const { error } = tab.recorder.failed[0] ?? {};
      assert.equal(error?.code, 'token-refused');
      assert.equal(error.status, 401);
      assert.equal(tab.manager.status('a').state, 'failed');
    }
    // The page signs in again, and asks in one tab.
    backend.answer = (_, usual) => usual();
    await Promise.all([tabs[0].manager.refresh('a'), backend.time.advance(500)]);
    assert.deepEqual([...values(tabs)], ['a-1']);
  });

  it('respect the Retry-After that one of them got', async () => {
    const { backend, time, tabs, start } = setUp(3);
    backend.answer = () => new Response(null, { status: 503, headers: { 'Retry-After': '20' } });
    await start();
    await time.advance(18_000);
    assert.equal(backend.requests.length, 1);
    for (const tab of tabs) assert.equal(tab.recorder.failed[0]?.error.retryAfterMs, 20_000);
    backend.answer = (_, usual) => usual();
    await time.advance(5000);
    assert.equal(values(tabs).size, 1);
    assert.ok(tabs[0].value() !== undefined);
  });

  for (const status of [400, 404, 503]) {
    it(`ask no more often than one tab would when a backend returns ${String(status)}`, async () => {
      const minutes = async (count: number) => {
        const { backend, time, start, tabs } = setUp(count);
        await start();
        const before = backend.requests.length;
        backend.answer = () => new Response(null, { status });
        while (backend.requests.length === before) await time.advance(50);
        await time.advance(60_000);
        const first = backend.requests.length - before;
        await time.advance(60_000);
        const second = backend.requests.length - before - first;
        backend.answer = (_, usual) => usual();
        await time.advance(12_000);
        // Nobody is forgotten.
        assert.ok(tabs.every((tab) => tab.value() !== undefined));
        assert.equal(values(tabs).size, 1);
        return { first, second };
      };
      const [alone, together] = [await minutes(1), await minutes(5)];
      const figures = JSON.stringify({ alone, together });
      // The waits are random, so one more or less says nothing.
      assert.ok(together.first <= alone.first + 1, figures);
      assert.ok(together.second <= alone.second + 1, figures);
      assert.ok(together.first >= 5, figures);
    });
  }

  it('renew a token that an origin refuses once, for all', async () => {
    const { backend, time, tabs, start } = setUp(3);
    await start();
    const refused = tabs.map((tab) => tab.manager.peek('a')?.version ?? 0);
    const renewals = tabs.map((tab, index) => tab.manager.rejected('a', refused[index] ?? 0));
    await time.advance(500);
    const renewed = new Set((await Promise.all(renewals)).map(({ value }) => value));
    assert.deepEqual(backend.reasons, ['initial', 'rejected']);
    assert.equal(renewed.size, 1);
    // One that hears of the refusal later has the new token already.
    assert.equal((await tabs[1].manager.rejected('a', refused[1] ?? 0)).value, [...renewed][0]);
    assert.equal(backend.requests.length, 2);
  });

  it('do not ask in turn for an origin that refuses every token', async () => {
    const { backend, time, tabs, start } = setUp(4, { streams: ['a'] });
    await start();
    const refuse = async (tab: FakeTab) => {
      const token = tab.manager.peek('a');
      if (token) await tab.manager.rejected('a', token.version).catch(() => undefined);
    };
    const asked = backend.requests.length;
    for (let step = 0; step < 600; step += 1) {
      for (const tab of tabs) void refuse(tab);
      await time.advance(100);
    }
    assert.ok(
      backend.requests.length - asked <= 22,
      `${backend.requests.length - asked} requests in a minute`,
    );
  });

  it('leave the group with the page, and join it when the page returns', async () => {
    const { backend, browser, time, tabs, start } = setUp(2);
    await start();
    const [first, second] = tabs;
    first.hide();
    await time.advance(10);
    assert.ok(![...browser.channels, ...browser.held, ...browser.pending].some(({ tab }) => tab === first));
    // It stays in the cache while the other one renews.
    await time.advance(60_000);
    assert.ok(second.value() !== undefined);
    assert.equal(values(tabs).size, 1);
    assert.ok(backend.requests.length <= 5);
  });
});
