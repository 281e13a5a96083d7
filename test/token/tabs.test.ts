import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenManager } from '@gatecast/token';
import { proofKey } from '@gatecast/token/internal/dpop/proof-key';
import { accessEnd } from '@gatecast/token/internal/source/access-end-error';
import { readMessage, VERSION } from '@gatecast/token/internal/tabs/tab-message';
import { groupName } from '@gatecast/token/internal/tabs/group-name';
import { FakeTokenBackend } from '../support/fake-token-backend.js';
import { useTabs, values } from './support/open-tabs.js';

const setUp = useTabs();

describe('tabs that share tokens', () => {
  it('make one request a round, for five tabs with three streams each', async () => {
    const { backend, time, tabs, start } = setUp(5);
    await start();
    assert.equal(backend.requests.length, 1);
    assert.deepEqual(backend.requests[0]?.streams, ['a', 'b', 'c']);
    for (const stream of 'abc') assert.equal(values(tabs, stream).size, 1);
    assert.ok(tabs.every((tab) => tab.value() !== undefined));
    // Tokens of 30 s, refreshed after 20.25 s at the earliest.
    await time.advance(99_000);
    const later = backend.requests.slice(1);
    assert.ok(later.length <= 4, `${later.length} requests`);
    assert.ok(later.every(({ reason }) => reason === 'scheduled'));
    for (const { recorder } of tabs) assert.deepEqual(recorder.failed, []);
  });

  it('say in their states which tokens are from another tab', async () => {
    const { tabs, start } = setUp(2);
    await start();
    assert.deepEqual(
      tabs.map(({ reasons }) => reasons),
      [
        ['initial', 'initial', 'initial'],
        ['tab', 'tab', 'tab'],
      ],
    );
  });

  it('give a new tab what is fresh, without a request', async () => {
    const { backend, time, tabs, open, start } = setUp(2);
    await start();
    await time.advance(5000);
    const third = open();
    third.start();
    await time.advance(20);
    assert.equal(third.value(), tabs[0].value());
    assert.equal(backend.requests.length, 1);
    // Its clock is the server's, and the life of its token began when the first tab got it.
    assert.equal(third.manager.status('a').expiresAtMs, tabs[0].manager.status('a').expiresAtMs);
  });

  it('do not wait when there is no other tab', async () => {
    const { backend, time, tabs } = setUp(1);
    const startedMs = time.wallMs;
    tabs[0].start();
    await time.advance(200);
    assert.ok((backend.requests[0]?.atMs ?? Infinity) - startedMs <= 5);
  });

  it('ask for streams of other tabs in the same request', async () => {
    const { backend, time, open } = setUp(0);
    const one = open({ streams: ['a', 'b'] });
    const two = open({ streams: ['c', 'd'] });
    one.start();
    await time.advance(50);
    two.start();
    await time.advance(50);
    const first = backend.requests.length;
    await time.advance(60_000);
    const later = backend.requests.slice(first);
    assert.ok(later.length <= 3, `${later.length} requests`);
    assert.deepEqual(
      later.map(({ streams }) => [...streams].sort().join('')),
      later.map(() => 'abcd'),
    );
    assert.ok(two.value('c') && one.value('a'));
    assert.equal(one.manager.peek('c'), null);
  });

  it('never meet tabs with another key, endpoint or none', async () => {
    const { backend, browser, time, open } = setUp(0);
    const tabs = [
      open({ session: 'alice' }),
      open({ session: 'bob' }),
      open({ session: '' }),
      open({ session: 'alice', endpoint: 'https://other.example/' }),
    ];
    for (const tab of tabs) tab.start();
    await time.advance(1000);
    assert.equal(backend.requests.length, 4);
    assert.equal(values(tabs).size, 4);
    for (const name of browser.names) assert.match(name, /^gatecast-[\da-f]{64}(?: turn)?$/);
    assert.equal([...browser.names].filter((name) => !name.endsWith('turn')).length, 3);
    assert.doesNotMatch([...browser.sent, ...browser.names].join(), /alice|bob|example/);
  });

  it('have no lock, channel, token or timer after the session, and others go on', async () => {
    const { browser, time, tabs, start } = setUp(3);
    await start();
    const [first, ...others] = tabs;
    first.lease.release();
    await time.advance(10);
    assert.ok(![...browser.channels].some(({ tab }) => tab === first));
    assert.ok(![...browser.held, ...browser.pending].some(({ tab }) => tab === first));
    assert.equal(first.value(), undefined);
    await time.advance(60_000);
    assert.ok(others.every((tab) => tab.value() !== undefined));
    for (const tab of others) tab.lease.release();
    await time.advance(10);
    assert.equal(browser.channels.size + browser.held.length + browser.pending.length, 0);
    assert.equal(time.clock.pending, 0);
  });

  it('do as a tab alone where the browser refuses locks', async () => {
    const { backend, browser, time, tabs } = setUp(2);
    browser.refusesLocks = true;
    for (const tab of tabs) tab.start();
    await time.advance(30);
    assert.ok(tabs.every((tab) => tab.value() !== undefined));
    assert.ok(backend.requests.length <= 2);
  });

  it('do as a tab alone where the browser has neither locks nor channels', async () => {
    const backend = new FakeTokenBackend();
    const source = { ...backend.source, scope: { session: 'key' } };
    const { clock } = backend.time;
    const managers = [1, 2].map(() => new TokenManager({ source, purpose: 'playback', clock }));
    const tokens = managers.map((manager) => manager.get('a'));
    await backend.time.advance(100);
    assert.equal(new Set((await Promise.all(tokens)).map(({ value }) => value)).size, 2);
    assert.equal(backend.requests.length, 2);
  });

  it('share tokens that are bound to a key only if they have the same key', async () => {
    const digest = (text: string) => Promise.resolve(text);
    const url = 'https://app.example/tokens';
    const name = (dpop: boolean) =>
      groupName({ key: '', scope: { session: 's', url, dpop } }, 'playback', digest);
    const { jkt } = await proofKey(url);
    assert.ok((await name(true)).includes(jkt));
    assert.equal(await name(true), await name(true));
    assert.ok(!(await name(false)).includes(jkt));
  });

  it('do not share what the page gives', async () => {
    const { backend, time, tabs } = setUp(2);
    tabs[0].manager.seed('a', 'seed-of-the-page');
    await time.advance(10);
    tabs[1].start(['a']);
    await time.advance(500);
    assert.equal(tabs[1].value(), 'a-1');
    assert.equal(backend.requests.length, 1);
  });

  it('do not revive a tab whose access has ended: only its own viewer, page or backend does', async () => {
    const { time, tabs, start } = setUp(2);
    await start();
    const [one, other] = tabs;
    one.manager.end('a', accessEnd('concurrent-limit'));
    const before = other.value();
    await time.advance(60_000);
    assert.notEqual(other.value(), before);
    assert.deepEqual([one.manager.status('a').state, one.value()], ['failed', undefined]);
    one.manager.refresh('a').catch(() => undefined);
    await time.advance(1000);
    assert.equal(one.manager.status('a').state, 'fresh');
  });

  it('ignore messages of any other form', async () => {
    const { browser, time, tabs, start } = setUp(2);
    await start();
    const deliver = async (data: unknown) => {
      for (const channel of browser.channels) channel.onmessage?.(new MessageEvent('message', { data }));
      await time.advance(10);
      return values(tabs);
    };
    const before = values(tabs);
    const item = { stream: 'a', value: 'other-token', expiresAtMs: null, receivedAtMs: time.wallMs };
    const good = {
      v: VERSION,
      from: 'x',
      type: 'tokens',
      items: [item],
      to: null,
      aheadMs: null,
      rejections: 0,
    };
    const failed = { v: VERSION, from: 'x', type: 'failed', streams: ['a'], failures: 1, untilMs: 1 };
    const failure = { code: 'token-refused', message: 'It failed.', hint: 'Mend it.', retryable: false };
    assert.ok(readMessage(good) && readMessage({ ...failed, failure }));
    const wrong: unknown[] = [
      ...[
        null,
        'tokens',
        7,
        [],
        {},
        { v: VERSION },
        { ...good, v: 1 },
        { ...good, from: 1 },
        { ...good, to: 3 },
      ],
      ...[
        { ...good, items: 'a' },
        { ...good, items: [null] },
        { ...good, aheadMs: NaN },
      ],
      ...[
        { ...good, rejections: -1 },
        { ...good, items: [{ ...item, receivedAtMs: Infinity }] },
      ],
      { ...good, items: Array.from({ length: 2000 }, () => item) },
      { ...good, items: [{ ...item, value: { parts: Array.from({ length: 33 }, () => ({ token: 'x' })) } }] },
      { v: VERSION, from: 'x', type: 'want', streams: [1] },
      { v: VERSION, from: 'x', type: 'pushed', event: { type: 'close', data: '' } },
      { v: VERSION, from: 'x', type: 'pushed', event: { type: 'off', data: 'x'.repeat(70_000) } },
      { ...failed, failure: { ...failure, code: 'media-failed' } },
      { v: VERSION, from: 'x', type: 'asking' },
    ];
    for (const data of wrong) {
      assert.equal(readMessage(data), null, JSON.stringify(data));
      assert.deepEqual(await deliver(data), before);
    }
    // Of this form, with a token or a time that cannot be.
    const year = 366 * 86_400_000;
    for (const change of [
      ...[{ value: null }, { value: { token: '<html>' } }, { value: { parts: [{ query: 1 }] } }],
      ...[{ receivedAtMs: time.wallMs - year }, { expiresAtMs: time.wallMs - 1000 }],
    ]) {
      const data = { ...good, items: [{ ...item, ...change }] };
      assert.ok(readMessage(data));
      assert.deepEqual(await deliver(data), before, JSON.stringify(change));
    }
    assert.deepEqual(
      [...(await deliver({ ...good, items: [{ ...item, receivedAtMs: time.wallMs }] }))],
      ['other-token'],
    );
  });
});
