import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  customSource,
  TokenManager,
  type TabChannel,
  type TabEnvironment,
  type TabScope,
  type TokenFunction,
} from '@gatecast/token';
import { EventRecorder, seededRandom, type FakeTokenBackend } from '../../support/fake-token-backend.js';
import { settle } from '../../support/fake-clock.js';

interface FakeLock {
  readonly tab: FakeTab;
  readonly name: string;
  readonly mode: LockMode;
  readonly grant: () => void;
  readonly fail: (reason: unknown) => void;
}

/** A browser with several tabs of one origin: locks and channels as the Web Locks and BroadcastChannel specifications say. */
export class FakeBrowser {
  readonly tabs: FakeTab[] = [];
  readonly channels = new Set<FakeChannel>();
  /** Everything that tabs have sent, as text. */
  readonly sent: string[] = [];
  held: FakeLock[] = [];
  pending: FakeLock[] = [];
  /** Does it refuse locks? */
  refusesLocks = false;
  /** Every name of a lock or a channel. */
  readonly names = new Set<string>();

  grantNext(): void {
    for (const lock of [...this.pending]) {
      const others = this.held.filter(({ name }) => name === lock.name);
      const earlier = this.pending
        .slice(0, this.pending.indexOf(lock))
        .some(({ name }) => name === lock.name);
      if (earlier || others.some(({ mode }) => mode === 'exclusive' || lock.mode === 'exclusive')) continue;
      this.pending = this.pending.filter((each) => each !== lock);
      this.held.push(lock);
      lock.grant();
    }
  }

  release(lock: FakeLock): void {
    this.held = this.held.filter((each) => each !== lock);
    this.pending = this.pending.filter((each) => each !== lock);
    this.grantNext();
  }
}

class FakeChannel implements TabChannel {
  onmessage: ((event: MessageEvent<unknown>) => void) | null = null;

  constructor(
    readonly tab: FakeTab,
    readonly name: string,
  ) {
    tab.browser.channels.add(this);
  }

  postMessage(message: unknown): void {
    const { browser } = this.tab;
    if (this.tab.isStopped) return;
    browser.sent.push(JSON.stringify(message));
    const others = [...browser.channels].filter((each) => each !== this && each.name === this.name);
    for (const other of others) other.deliver(structuredClone(message));
  }

  deliver(data: unknown): void {
    const { tab } = this;
    if (tab.isStopped) tab.queued.push(() => this.deliver(data));
    else queueMicrotask(() => this.onmessage?.(new MessageEvent('message', { data })));
  }

  close(): void {
    this.tab.browser.channels.delete(this);
  }
}

export interface FakeTabOptions {
  streams?: readonly string[];
  session?: string;
  /** `null` for a function of the page. */
  endpoint?: string | null;
  seed?: number;
  sharedAs?: string | object;
  scope?: Partial<TabScope>;
  /** In place of the backend. */
  answer?: TokenFunction;
  /** Opens the events of the backend. */
  listen?: TokenFunction['listen'];
}

/** One tab, with a manager of its own. */
export class FakeTab {
  readonly manager: TokenManager;
  readonly recorder = new EventRecorder();
  readonly lease;
  readonly queued: (() => void)[] = [];
  /** Stopped in a debugger, or frozen by the browser. */
  isStopped = false;
  readonly #hides = new Set<() => void>();

  constructor(
    readonly browser: FakeBrowser,
    readonly backend: FakeTokenBackend,
    {
      streams = ['a', 'b', 'c'],
      session = 'key',
      endpoint = 'https://app.example/api/tokens',
      seed = 1,
      sharedAs,
      scope = {},
      answer,
      listen,
    }: FakeTabOptions = {},
  ) {
    browser.tabs.push(this);
    const ask: TokenFunction = async (request, options) => {
      if (answer) return answer(request, options);
      const answered = (await backend.source.request(request, options)) as Response;
      // A page that is stopped reads no response.
      while (this.isStopped) await new Promise<void>((resolve) => void this.queued.push(resolve));
      return answered;
    };
    const plain = customSource(Object.assign(ask, { sharedAs, ...(listen && { listen }) }));
    const { clock } = backend.time;
    this.manager = new TokenManager({
      source: {
        ...plain,
        scope: { session, ...(endpoint && { url: endpoint }), tabEnvironment: this.environment, ...scope },
      },
      purpose: 'playback',
      clock,
      random: seededRandom(seed),
    });
    this.lease = this.manager.lease({ streams, onEvent: this.recorder.onEvent });
  }

  /** Requests all its tokens, and waits for nothing. */
  start(streams: Iterable<string> = this.lease.streams): void {
    for (const stream of streams) this.manager.get(stream).catch(() => undefined);
  }

  value(stream = 'a'): unknown {
    return this.manager.peek(stream)?.value;
  }

  get reasons(): unknown[] {
    return [...this.lease.streams].map((stream) => this.manager.status(stream).lastReason);
  }

  /** The page goes into the back/forward cache, or is left. */
  hide(): void {
    for (const hide of this.#hides) hide();
  }

  /** The tab crashes: the browser releases what it holds, and none of its code runs any more. */
  crash(): void {
    this.isStopped = true;
    const { browser } = this;
    for (const channel of browser.channels) if (channel.tab === this) channel.close();
    for (const lock of [...browser.pending, ...browser.held]) if (lock.tab === this) browser.release(lock);
  }

  async goOn(): Promise<void> {
    this.isStopped = false;
    for (const run of this.queued.splice(0)) run();
    await settle();
  }

  get environment(): TabEnvironment {
    const { browser } = this;
    return {
      digest: (text) => Promise.resolve(createHash('sha256').update(text).digest('hex')),
      wallNow: () => this.backend.time.wallMs,
      openChannel: (name) => {
        browser.names.add(name);
        return new FakeChannel(this, name);
      },
      onPageHide: (callback) => {
        this.#hides.add(callback);
        return () => void this.#hides.delete(callback);
      },
      locks: {
        query: () =>
          Promise.resolve({
            held: browser.held.map(({ name, mode, tab }) => ({
              name,
              mode,
              clientId: String(browser.tabs.indexOf(tab)),
            })),
            pending: [],
          }),
        request: (name, { mode = 'exclusive', signal, steal }, run) =>
          new Promise((resolve, reject) => {
            browser.names.add(name);
            if (browser.refusesLocks) {
              reject(new DOMException('Not allowed.', 'SecurityError'));
              return;
            }
            const grant = (): void => {
              signal?.removeEventListener('abort', abort);
              void run().then(() => {
                browser.release(lock);
                resolve(undefined);
              });
            };
            const lock: FakeLock = { tab: this, name, mode, grant, fail: reject };
            const abort = (): void => {
              browser.release(lock);
              reject(signal?.reason as Error);
            };
            if (signal?.aborted) {
              abort();
              return;
            }
            signal?.addEventListener('abort', abort, { once: true });
            if (steal) {
              const stolen = browser.held.filter((each) => each.name === name);
              browser.held = [...browser.held.filter((each) => each.name !== name), lock];
              for (const each of stolen) each.fail(new DOMException('Stolen.', 'AbortError'));
              grant();
              return;
            }
            browser.pending.push(lock);
            queueMicrotask(() => browser.grantNext());
          }),
      },
    };
  }
}

/** Loads the code for tabs, which takes real time: later loads take none. */
export async function loadTabs(backend: FakeTokenBackend): Promise<void> {
  await import('@gatecast/token/internal/manager/tab-group');
  const tab = new FakeTab(new FakeBrowser(), backend);
  tab.start();
  for (let tries = 0; backend.requests.length === 0 && tries < 5000; tries += 1) {
    await backend.time.advance(1);
    await delay(1);
  }
  tab.lease.release();
}
