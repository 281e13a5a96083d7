import { expect } from 'chai';
import { backendOrigin, clearFaults, requestLog, setFaults, type LogEntry } from '../support/backend.js';
import { testEnvironment } from '../support/test-environment.js';
import { pause, until } from '../support/wait.js';
import { TabFrame } from './support/tab-frame.js';
import type { OpenTab } from './support/tab-realm.js';

const streams = ['demo-high', 'demo-medium', 'demo-low'];
/** A machine that is busier than this delays tabs by more than they wait for each other. */
const BUSY_MS = 400;

interface Tab {
  readonly frame: TabFrame;
  readonly open: OpenTab;
}

/** The longest time for which this page, and so each frame of it, could do nothing. */
function watchDelays() {
  let [longestMs, lastMs] = [0, performance.now()];
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastMs - 50);
    lastMs = performance.now();
  }, 50);
  return {
    get longestMs() {
      return longestMs;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

describe('tabs that share tokens, in separate pages of a browser', function () {
  let tabs: Tab[] = [];
  let url = '';
  let query = '';

  async function openTabs(count: number, session?: string): Promise<Tab[]> {
    const frames = await Promise.all(Array.from({ length: count }, () => new TabFrame().open()));
    const opened = frames.map((frame) => ({ frame, open: frame.realm.openTab(url, session, streams) }));
    tabs.push(...opened);
    return opened;
  }

  const requests = async (): Promise<LogEntry[]> =>
    (await requestLog()).filter((entry) => entry.method === 'POST' && entry.query === query);

  const seen = ({ open }: Tab, stream: string) => open.seen.get(stream) ?? [];
  const valuesOf = (some: readonly Tab[], stream: string) =>
    some.map((tab) => seen(tab, stream).map(({ value }) => value));
  const haveRounds = (some: readonly Tab[], rounds: number) =>
    some.every((tab) => streams.every((stream) => seen(tab, stream).length >= rounds));

  /** Locks of these tests that are held or waited for: all others of the browser are of no group. */
  async function locks(): Promise<string[]> {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].flatMap(({ name }) => (name?.startsWith('gatecast-') ? [name] : []));
  }

  beforeEach(() => {
    query = `tabs-${crypto.randomUUID()}`;
    url = `${backendOrigin()}/api/tokens?${query}`;
  });

  afterEach(async () => {
    for (const { frame } of tabs.splice(0)) frame.remove();
    tabs = [];
    await clearFaults();
    await until(async () => (await locks()).length === 0, 'the end of all locks');
  });

  // The others pass as well, but its 8 s are not worth it in each engine.
  const inChromium = testEnvironment().engine === 'chromium';

  const showRounds = async (): Promise<void> => {
    const watch = watchDelays();
    await setFaults({ tokens: { ttlSeconds: 3 } });
    const five = await openTabs(5, crypto.randomUUID());
    await Promise.all(five.map(({ open }) => open.start()));
    await until(() => haveRounds(five, 2), 'the second round');
    // The tokens of the third round last longer: even a slow machine has the next ones in time.
    await setFaults({ tokens: { ttlSeconds: 8 } });
    await until(() => haveRounds(five, 3), 'the third round');
    const before = await requests();
    const isQuiet = () => watch.longestMs < BUSY_MS;
    if (isQuiet() && before.every(({ durationMs }) => durationMs < BUSY_MS)) {
      expect(before.length).to.equal(3);
      for (const { streams: asked = [] } of before)
        expect([...asked].sort()).to.deep.equal([...streams].sort());
      for (const stream of streams) {
        const [first, ...others] = valuesOf(five, stream);
        for (const other of others) expect(other).to.deep.equal(first);
      }
    }

    await setFaults({ tokens: { ttlSeconds: 8, latencyMs: 300 } });
    const asks = () => five.find(({ open }) => open.asking > 0);
    let leader: Tab | undefined;
    await until(() => (leader = asks()) !== undefined, 'the next request');
    await until(async () => (await requests()).length > before.length, 'its arrival at the backend');
    leader?.frame.remove();
    // Nothing can be called in a page that is gone.
    tabs = tabs.filter((tab) => tab !== leader);
    const left = five.filter((tab) => tab !== leader);
    expect(left).to.have.length(4);
    await until(() => haveRounds(left, 4), 'the tokens of another page');
    watch.stop();
    for (const stream of streams) {
      const late = left.filter((tab) => seen(tab, stream).some(({ isLate }) => isLate));
      if (!isQuiet()) continue;
      expect(late).to.have.length(0);
      expect(new Set(left.map((tab) => seen(tab, stream)[3]?.value)).size).to.equal(1);
    }
    if (isQuiet()) expect((await requests()).length).to.equal(before.length + 2);
    expect(left.map(({ open }) => open.failures)).to.deep.equal([0, 0, 0, 0]);
  };
  if (inChromium)
    it('make one request a round, and go on when the page that asks is gone in the middle', showRounds);

  it('keep nothing of a session that has ended, and share nothing with another one', async () => {
    const [session, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const [first, second] = await openTabs(2, session);
    if (!first || !second) throw new Error('No tabs.');
    await Promise.all([first, second].map(({ open }) => open.start()));
    // On a busy machine both may ask; the other test shows that one asks.
    const before = (await requests()).length;
    const [group = ''] = await locks();
    expect(await locks()).to.deep.equal([group, group]);
    expect(group).not.to.include(session);

    // What the page does when its attribute `token-session` is changed or removed.
    first.open.leave();
    for (const stream of streams) expect(first.open.manager.peek(stream)).to.equal(null);
    await until(async () => (await locks()).length === 1, 'the end of its lock');
    const replies: string[] = [];
    const spy = new BroadcastChannel(group);
    spy.onmessage = ({ data }) => void replies.push(JSON.stringify(data));
    spy.postMessage({ v: 3, from: 'spy', type: 'want', streams });
    await until(() => replies.length > 0, 'the tab that is left');
    await pause(50);
    spy.close();
    expect(replies).to.have.length(1);

    const changed = { ...first, open: first.frame.realm.openTab(url, other, streams) };
    const removed = { ...first, open: first.frame.realm.openTab(url, undefined, streams) };
    tabs.push(changed, removed);
    await Promise.all([changed, removed].map(({ open }) => open.start()));
    expect(await requests()).to.have.length(before + 2);
    expect(new Set(await locks()).size).to.equal(2);
    for (const stream of streams)
      expect(new Set(valuesOf([second, changed, removed], stream).flat()).size).to.equal(3);
  });
});
