import assert from 'node:assert/strict';
import type { SecurePlayer } from '@gatecast/player';
import type { Browser, CDPSession, ElementHandle, Page, Request } from 'playwright-core';
import { until } from '../../support/wait.js';

declare global {
  interface Window {
    /** Where each timer that has neither fired nor been cleared was set. */
    runningTimers: Map<number, string>;
    go: (hash: string) => void;
    /** Whether the player of the route before has gone, and that of this one is there. */
    hasArrived: (isPlayerDue: boolean) => boolean;
    hasPicture: () => boolean;
  }
}

/**
 * Runs in the page, before its scripts: replaces the timers by ones that are counted, and looks for the player without
 * a handle, which would keep it in memory.
 */
const watchingScript = `{
  const running = (window.runningTimers = new Map());
  const { setTimeout, setInterval, clearTimeout, clearInterval } = window;
  const note = (id, delay) => {
    running.set(id, delay + ' ms ' + new Error().stack);
    return id;
  };
  window.setTimeout = (handler, delay, ...args) => {
    const id = setTimeout(() => {
      running.delete(id);
      handler(...args);
    }, delay);
    return note(id, delay);
  };
  window.setInterval = (handler, delay, ...args) => note(setInterval(handler, delay, ...args), delay);
  window.clearTimeout = (id) => {
    running.delete(id);
    clearTimeout(id);
  };
  window.clearInterval = (id) => {
    running.delete(id);
    clearInterval(id);
  };
  const find = (root) => {
    for (const one of root.querySelectorAll('*')) {
      const found = one.localName === 'secure-player' ? one : one.shadowRoot && find(one.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  let last = new WeakRef(document);
  window.go = (hash) => {
    last = new WeakRef(find(document) ?? document);
    location.hash = hash;
  };
  window.hasArrived = (isPlayerDue) => {
    const found = find(document);
    return found !== last.deref() && (found !== null) === isPlayerDue;
  };
  window.hasPicture = () => {
    const found = find(document);
    return found?.currentTime > 0 && found.getVideoPlaybackQuality().totalVideoFrames > 0;
  };
}`;

/** What is in a page's memory after garbage collection. */
export interface PageMemory {
  readonly players: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** An app with routes in the fragment of its address, and what its page does. */
export class WatchedApp {
  /** Errors and warnings of the page. */
  readonly troubles: string[] = [];
  /** What the page wrote to its console. */
  readonly logs: string[] = [];
  /** Requests for tokens, with the reason that the player states to `/api/tokens`. */
  readonly tokenRequests: string[] = [];
  readonly page: Page;
  readonly #open = new Set<Request>();
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      this.logs.push(text);
      // Lit's note, in development only.
      if (text.includes('Lit is in dev mode')) return;
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(text);
    });
    page.on('request', (request) => {
      this.#open.add(request);
      const { pathname } = new URL(request.url());
      if (pathname === '/my/token') this.tokenRequests.push('own');
      if (pathname === '/api/tokens') {
        const { reason } = JSON.parse(request.postData() ?? '{}') as { reason?: string };
        this.tokenRequests.push(reason ?? '');
      }
    });
    page.on('requestfinished', (request) => this.#open.delete(request));
    page.on('requestfailed', (request) => this.#open.delete(request));
  }

  static async open(browser: Browser, address: string): Promise<WatchedApp> {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    const app = new WatchedApp(page, session);
    await session.send('Performance.enable');
    await page.addInitScript({ content: watchingScript });
    await page.goto(address);
    return app;
  }

  /** Goes to a route, and waits until the last one's player has gone and its own is there. */
  async go(route: 'live' | 'player' | 'home'): Promise<void> {
    await this.page.evaluate((hash) => window.go(hash), route);
    await this.page.waitForFunction((isDue) => window.hasArrived(isDue), route !== 'home');
  }

  async player(selector = 'secure-player'): Promise<ElementHandle<SecurePlayer>> {
    const handle = await this.page.locator(selector).elementHandle();
    return handle as ElementHandle<SecurePlayer>;
  }

  /** Resolves with the player when it shows moving pictures. */
  async picture(selector?: string): Promise<ElementHandle<SecurePlayer>> {
    const player = await this.player(selector);
    await this.page.waitForFunction(
      (one) => one.currentTime > 0 && one.getVideoPlaybackQuality().totalVideoFrames > 0,
      player,
    );
    return player;
  }

  /** Waits until the page has no timer, worker or request. Nothing can begin then without the viewer. */
  async quiet(): Promise<void> {
    const { page } = this;
    const busy = async (): Promise<string[]> => [
      ...(await page.evaluate(() => [...window.runningTimers.values()])),
      ...[...this.#open].map((one) => new URL(one.url()).pathname),
      ...page.workers().map((worker) => worker.url()),
    ];
    let last: readonly string[] = [];
    await until(async () => (last = await busy()).length === 0, 'the end of all work').catch(
      (error: unknown) => {
        throw new Error(`Still running: ${last.join('\n')}`, { cause: error });
      },
    );
  }

  /** Counts after garbage collection. */
  async memory(): Promise<PageMemory> {
    const session = this.#session;
    await this.page.evaluate(forgetStyles);
    const prototype = await session.send('Runtime.evaluate', {
      expression: `customElements.get('secure-player').prototype`,
      objectGroup: 'memory',
    });
    await session.send('HeapProfiler.collectGarbage');
    const { objects } = await session.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.result.objectId ?? '',
      objectGroup: 'memory',
    });
    const { result } = await session.send('Runtime.callFunctionOn', {
      functionDeclaration: 'function () { return this.length; }',
      objectId: objects.objectId ?? '',
      returnByValue: true,
    });
    await session.send('Runtime.releaseObjectGroup', { objectGroup: 'memory' });
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
    return {
      players: Number(result.value),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
    };
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/**
 * Chromium caches computed styles. One that names a clip path by `url(#…)`, as Media Chrome's time range does, keeps the whole
 * shadow tree, and so the player. A new custom property empties the cache.
 */
function forgetStyles(): void {
  CSS.registerProperty({ name: `--forget-${crypto.randomUUID()}`, inherits: false });
}

const MOUNTS = 50;

/** Shows the player and nothing in turn, and each fifth time waits for a picture. Counts when all work has ended. */
export async function memoryAfter(app: WatchedApp, mounts: number): Promise<PageMemory> {
  for (let count = 0; count < mounts; count += 1) {
    await app.go('live');
    if (count % 5 === 0) await app.page.waitForFunction(() => window.hasPicture());
    await app.go('home');
  }
  await app.quiet();
  return app.memory();
}

/** On an app that shows `player`: fifty mounts and route changes leave no timer, request, listener, node or player. */
export async function assertLeavesNothing(app: WatchedApp): Promise<void> {
  await app.page.waitForFunction(() => window.hasPicture());
  await app.go('live');
  await app.page.waitForFunction(() => window.hasPicture());
  await app.go('home');
  const first = await memoryAfter(app, 5);
  const isMore = (now: PageMemory): boolean =>
    now.players > first.players ||
    now.nodes >= first.nodes + MOUNTS ||
    now.listeners >= first.listeners + MOUNTS;
  let last = await memoryAfter(app, MOUNTS);
  // The browser may keep one player for some time. What stays of each mount stays for good.
  for (let tries = 0; tries < 20 && isMore(last); tries += 1) last = await memoryAfter(app, 5);
  assert.ok(!isMore(last), `at first ${JSON.stringify(first)}, then ${JSON.stringify(last)}`);
  assert.deepEqual(app.troubles, []);
}

/** On an app that shows `player`, the documentation's example with properties, events and a ref: all of them work. */
export async function assertComplete(app: WatchedApp): Promise<void> {
  const player = await app.picture();
  await until(() => app.logs.includes('playing'), 'the event');
  assert.deepEqual(app.tokenRequests, ['own'], 'one request, of the function');
  const seen = await player.evaluate(({ hlsConfig, src, controls, muted, autoplay, playsInline }) => ({
    hasControls: controls !== null,
    ...{ hlsConfig, src, muted, autoplay, playsInline },
  }));
  const flags = { hasControls: true, muted: true, autoplay: true, playsInline: true };
  assert.deepEqual(seen, { hlsConfig: { maxBufferLength: 20 }, src: '/live/demo.m3u8', ...flags });
  await app.page.getByText('New token').click();
  await until(
    () => player.evaluate(({ tokenStates }) => tokenStates.some((one) => one.lastReason === 'manual')),
    'the refresh that the button asks for',
  );
  assert.deepEqual(app.troubles, []);
  await player.evaluate((one) => (one.src = '/live/none.m3u8'));
  await until(() => app.logs.some((line) => line.startsWith('source-not-found ')), 'the error event');
}
