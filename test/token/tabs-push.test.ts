import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as realDelay } from 'node:timers/promises';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/manager/token-push';
import type { FakeTab } from './support/fake-tabs.js';
import { useTabs, values } from './support/open-tabs.js';

interface Connection {
  readonly tab: number;
  readonly streams: readonly string[];
  isOpen: boolean;
  send(type: string, streams: readonly string[]): void;
}

const open = useTabs();

/** Tabs whose backend sends events. */
function setUp() {
  const world = open(0);
  const { backend, time } = world;
  const connections: Connection[] = [];
  const tabs: FakeTab[] = [];
  backend.answer = (_, usual) => ({ ...usual(), push: true });
  const pass = async (ms: number): Promise<void> => {
    await time.advance(ms);
    // The code for events is imported, which takes a real moment also from memory.
    for (let round = 0; round < 3; round += 1) {
      await realDelay(2);
      await time.advance(5);
    }
    await time.advance(300);
  };
  const start = async (streams: readonly string[] = ['a', 'b']): Promise<FakeTab> => {
    const index = tabs.length;
    const listen: NonNullable<Parameters<typeof world.open>[0]>['listen'] = (question, { signal }) => {
      let send: Connection['send'] = () => undefined;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          send = (type, of) => {
            const data = JSON.stringify({ streams: of, code: 'revoked', reason: 'The rights have ended.' });
            controller.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${data}\n\n`));
          };
        },
      });
      const connection: Connection = { tab: index, streams: question.streams, isOpen: true, send };
      signal.addEventListener('abort', () => (connection.isOpen = false));
      connections.push(connection);
      return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
    };
    const tab = world.open({ streams, listen });
    tabs.push(tab);
    tab.start();
    await pass(500);
    return tab;
  };
  const listening = () => connections.filter(({ isOpen }) => isOpen);
  return { ...world, tabs, start, pass, connections, listening };
}

const states = (tabs: readonly FakeTab[], stream = 'a') =>
  tabs.map(({ manager }) => manager.status(stream).state);

describe('the events of a backend, with tabs that share tokens', () => {
  it('come by one connection, and end the access in all tabs', async () => {
    const { backend, tabs, start, pass, listening } = setUp();
    for (let count = 0; count < 3; count += 1) await start();
    assert.equal(backend.requests.length, 1);
    assert.deepEqual(
      listening().map(({ tab, streams }) => ({ tab, streams })),
      [{ tab: 0, streams: ['a', 'b'] }],
    );
    listening()[0]?.send('off', ['a']);
    await pass(10);
    assert.deepEqual(states(tabs), ['failed', 'failed', 'failed']);
    assert.deepEqual(states(tabs, 'b'), ['fresh', 'fresh', 'fresh']);
    for (const { recorder } of tabs) {
      assert.deepEqual(
        recorder.failed.map(({ error }) => [error.code, error.reason]),
        [['revoked', 'The rights have ended.']],
      );
    }
    listening()[0]?.send('on', ['a']);
    await pass(4000);
    assert.deepEqual(states(tabs), ['fresh', 'fresh', 'fresh']);
    assert.equal(values(tabs).size, 1);
  });

  it('come to another tab when the one that listens is closed or hidden', async () => {
    const { tabs, start, pass, listening, browser } = setUp();
    for (let count = 0; count < 3; count += 1) await start();
    tabs[0]?.lease.release();
    await pass(1000);
    assert.equal(listening().length, 1);
    const second = listening()[0];
    assert.ok(second && second.tab !== 0);
    // It crashes: nothing of it runs, and the browser gives its lock away.
    tabs[second.tab]?.crash();
    await pass(1000);
    const third = listening().find(({ tab }) => tab !== second.tab);
    assert.ok(third);
    third.send('off', ['a']);
    await pass(10);
    assert.equal(tabs[third.tab]?.manager.status('a').state, 'failed');
    assert.ok(browser.names.size > 0 && ![...browser.names].some((name) => name.includes('"a"')));
  });

  it('come by a connection of its own to a tab with other streams', async () => {
    const { start, listening } = setUp();
    await start();
    await start(['a', 'c']);
    assert.deepEqual(
      listening().map(({ streams }) => streams.join()),
      ['a,b', 'a,c'],
    );
  });

  it('that were missed without a connection are asked for by all tabs', async () => {
    const { tabs, start, pass, listening, connections } = setUp();
    for (let count = 0; count < 2; count += 1) await start();
    connections[0]?.send('off', ['a']);
    await pass(10);
    assert.deepEqual(states(tabs), ['failed', 'failed']);
    // The first tab is closed. The backend has allowed the stream meanwhile.
    tabs[0]?.lease.release();
    await start();
    await pass(6000);
    assert.equal(listening().length, 1);
    assert.deepEqual(states(tabs.slice(1)), ['fresh', 'fresh']);
  });
});
