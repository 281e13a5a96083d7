import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listenInPage, type PushPage } from '@gatecast/token/internal/manager/push-page';
import { FakeClock } from '../support/fake-clock.js';

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 2));
const ORIGIN = 'https://shop.example';

/** The exclusive locks of one browser profile. */
class FakeLocks {
  readonly held = new Set<string>();
  readonly #queue: { name: string; grant: () => void }[] = [];
  refuses = false;

  readonly request = (async (
    name: string,
    { signal }: { signal: AbortSignal },
    run: (lock: Lock) => Promise<void>,
  ): Promise<void> => {
    if (this.refuses) throw new DOMException('No origin.', 'SecurityError');
    await new Promise<void>((resolve, reject) => {
      const entry = { name, grant: resolve };
      this.#queue.push(entry);
      signal.addEventListener('abort', () => {
        const index = this.#queue.indexOf(entry);
        if (index < 0) return;
        this.#queue.splice(index, 1);
        reject(signal.reason as Error);
      });
      queueMicrotask(() => this.#grant());
    });
    try {
      await run({ name, mode: 'exclusive' });
    } finally {
      this.held.delete(name);
      this.#grant();
    }
  }) as LockManager['request'];

  #grant(): void {
    for (const entry of [...this.#queue]) {
      if (this.held.has(entry.name)) continue;
      this.held.add(entry.name);
      this.#queue.splice(this.#queue.indexOf(entry), 1);
      entry.grant();
    }
  }
}

/** Tabs of one profile that listen until they are closed. */
function setUp(options: { locks?: FakeLocks | null; isMultiplexed?: boolean } = {}) {
  const { locks = new FakeLocks(), isMultiplexed = false } = options;
  const time = new FakeClock();
  const open = new Set<string>();
  const tab = (name: string) => {
    const window = new EventTarget();
    const page: PushPage = { locks, window, isMultiplexed: () => isMultiplexed };
    const life = new AbortController();
    const ended = listenInPage(page, time.clock, ORIGIN, life.signal, async (signal) => {
      open.add(name);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      open.delete(name);
    }).catch(() => 'closed');
    const dispatch = async (type: string) => {
      window.dispatchEvent(new Event(type));
      await turn();
      await time.advance(600);
      await turn();
    };
    const close = async () => {
      life.abort();
      assert.equal(await ended, 'closed');
      await turn();
    };
    return { dispatch, close };
  };
  return { time, open, locks, tab };
}

describe('events in several tabs', () => {
  it('are open in two tabs of a profile; another one waits until one of both is closed', async () => {
    const { open, locks, tab } = setUp();
    const [first, second, third, fourth] = [tab('1'), tab('2'), tab('3'), tab('4')];
    await turn();
    assert.deepEqual([...open], ['1', '2']);
    await fourth.close();
    await second.close();
    assert.deepEqual([...open], ['1', '3']);
    for (const each of [first, third]) await each.close();
    assert.deepEqual([open.size, locks?.held.size], [0, 0]);
  });

  it('leave the slot to another one while they wait, and take one again', async () => {
    const { time, open, locks, tab } = setUp();
    let endWait = (): void => undefined;
    const wait = new Promise<void>((resolve) => (endWait = resolve));
    let runs = 0;
    const life = new AbortController();
    const page: PushPage = { locks, window: null, isMultiplexed: () => false };
    const ended = listenInPage(page, time.clock, ORIGIN, life.signal, () => {
      runs += 1;
      return Promise.resolve(runs === 1 ? () => wait : undefined);
    });
    const [first, second] = [tab('1'), tab('2')];
    await turn();
    assert.deepEqual([...open], ['1', '2']);
    endWait();
    await turn();
    assert.equal(runs, 1);
    await first.close();
    await ended;
    assert.equal(runs, 2);
    await second.close();
  });

  it('are closed while the page is hidden for good, and open again when it is shown', async () => {
    const { time, open, tab } = setUp();
    const [first, second] = [tab('1'), tab('2')];
    tab('3');
    await turn();
    await first.dispatch('pagehide');
    assert.deepEqual([...open], ['2', '3']);
    await first.dispatch('pageshow');
    assert.deepEqual([...open], ['2', '3'], 'it waits for a slot');
    await second.dispatch('pagehide');
    assert.deepEqual([...open], ['3', '1']);
    await second.close();
    assert.equal(time.timerCount, 0);
  });

  it('are open in each tab without Web Locks, where the browser refuses them, and with HTTP/2', async () => {
    const refusing = new FakeLocks();
    refusing.refuses = true;
    for (const options of [{ locks: null }, { locks: refusing }, { isMultiplexed: true }]) {
      const { open, tab } = setUp(options);
      const tabs = ['1', '2', '3', '4'].map(tab);
      await turn();
      assert.equal(open.size, 4);
      for (const each of tabs) await each.close();
    }
  });
});
