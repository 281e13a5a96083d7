import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { AppPage } from './app-page.js';
import { PATIENT_LIMIT_MS, untilAtLast } from './patient-wait.js';

declare global {
  interface Window {
    /** Where each timer that has neither fired nor been cleared was set. */
    runningTimers: Map<number, string>;
    /** Clicks what has the route as its `data-go`; without it, sets the fragment. */
    go: (route: string) => void;
    /** Whether the player of the route before has gone, and that of this one is there. */
    hasArrived: (isPlayerDue: boolean) => boolean;
    hasPicture: () => boolean;
    /** Goes to the player and back, as often as it is told, and waits for nothing else. */
    goOften: (times: number) => Promise<void>;
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
  window.go = (route) => {
    last = new WeakRef(find(document) ?? document);
    const control = document.querySelector('[data-go=' + route + ']');
    if (control) control.click();
    else location.hash = route;
  };
  window.hasArrived = (isPlayerDue) => {
    const found = find(document);
    return found !== last.deref() && (found !== null) === isPlayerDue;
  };
  const arrive = async (route) => {
    window.go(route);
    const endMs = performance.now() + ${PATIENT_LIMIT_MS};
    while (!window.hasArrived(route === 'live')) {
      if (performance.now() > endMs) throw new Error('The route did not become ' + route + '.');
      await new Promise(requestAnimationFrame);
    }
  };
  window.goOften = async (times) => {
    for (let count = 0; count < times; count += 1) {
      await arrive('live');
      await arrive('home');
    }
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

/** Opens an app whose routes `window.go` knows, and counts its timers. */
export const openApp = (browser: Browser, address: string): Promise<AppPage> =>
  AppPage.open(browser, address, watchingScript);

/** Goes to a route, and waits until the last one's player has gone and its own is there. */
export async function go({ page }: AppPage, route: 'live' | 'home'): Promise<void> {
  await page.evaluate((name) => window.go(name), route);
  await page.waitForFunction((isDue) => window.hasArrived(isDue), route !== 'home');
}

/** Waits until the page has no timer, worker or request. Nothing can begin then without the viewer. */
async function quiet(app: AppPage): Promise<void> {
  let last: readonly string[] = [];
  const isQuiet = async (): Promise<boolean> => {
    last = [...(await app.page.evaluate(() => [...window.runningTimers.values()])), ...app.running()];
    return last.length === 0;
  };
  await untilAtLast(isQuiet, 'the end of all work').catch((error: unknown) => {
    throw new Error(`Still running: ${last.join('\n')}`, { cause: error });
  });
}

/** Counts after garbage collection. */
async function memoryOf(app: AppPage): Promise<PageMemory> {
  const { session } = app;
  await app.page.evaluate(forgetStyles);
  const prototype = await session.send('Runtime.evaluate', {
    expression: `customElements.get('secure-player').prototype`,
    objectGroup: 'memory',
  });
  await app.collectGarbage();
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
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    players: Number(result.value),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}

/**
 * Chromium caches computed styles. One that names a clip path by `url(#…)`, as Media Chrome's time range does, keeps the whole
 * shadow tree, and so the player. A new custom property empties the cache.
 */
function forgetStyles(): void {
  CSS.registerProperty({ name: `--forget-${crypto.randomUUID()}`, inherits: false });
}

const MOUNTS = 50;
/** Nodes, and listeners, of a player with its skin: about 150, and fewer. */
const MOST_OF_PLAYER = 200;

/** Shows the player and nothing in turn, and each tenth time waits for a picture. Counts when all work has ended. */
export async function memoryAfter(app: AppPage, mounts: number): Promise<PageMemory> {
  for (let count = 0; count < mounts; count += 10) {
    await go(app, 'live');
    await app.page.waitForFunction(() => window.hasPicture());
    await go(app, 'home');
    await app.page.evaluate((times) => window.goOften(times), Math.min(10, mounts - count) - 1);
  }
  await quiet(app);
  return memoryOf(app);
}

/** On an app that shows `player`: fifty mounts and route changes leave no timer, request, listener, node or player. */
export async function assertLeavesNothing(app: AppPage): Promise<void> {
  await app.page.waitForFunction(() => window.hasPicture());
  await go(app, 'live');
  await app.page.waitForFunction(() => window.hasPicture());
  await go(app, 'home');
  await assertKeepsNothing(app);
}

/** On an app that has shown its players, and shows none. */
export async function assertKeepsNothing(app: AppPage): Promise<void> {
  const first = await memoryAfter(app, 5);
  // Browser or framework may keep one player, with its nodes and listeners, that was not there at first. What stays of each
  // mount stays fifty times.
  const isMore = (now: PageMemory): boolean => {
    const most = MOUNTS + Math.max(0, now.players - first.players) * MOST_OF_PLAYER;
    return (
      now.players > first.players + 1 ||
      now.nodes >= first.nodes + most ||
      now.listeners >= first.listeners + most
    );
  };
  let last = await memoryAfter(app, MOUNTS);
  for (let tries = 0; tries < 20 && isMore(last); tries += 1) last = await memoryAfter(app, 5);
  assert.ok(!isMore(last), `at first ${JSON.stringify(first)}, then ${JSON.stringify(last)}`);
  assert.deepEqual(app.troubles, []);
}

/** On an app that shows `player`, the documentation's example with properties, events and a ref: all of them work. */
export async function assertComplete(app: AppPage): Promise<void> {
  const player = await app.picture();
  await untilAtLast(() => app.logs.includes('playing'), 'the event');
  assert.deepEqual(app.tokenRequests, ['own'], 'one request, of the function');
  const seen = await player.evaluate(({ hlsConfig, src, controls, muted, autoplay, playsInline }) => ({
    hasControls: controls !== null,
    ...{ hlsConfig, src, muted, autoplay, playsInline },
  }));
  const flags = { hasControls: true, muted: true, autoplay: true, playsInline: true };
  assert.deepEqual(seen, { hlsConfig: { maxBufferLength: 20 }, src: '/live/demo.m3u8', ...flags });
  await app.page.getByText('New token').click();
  await untilAtLast(
    () => player.evaluate(({ tokenStates }) => tokenStates.some((one) => one.lastReason === 'manual')),
    'the refresh that the button asks for',
  );
  assert.deepEqual(app.troubles, []);
  await player.evaluate((one) => (one.src = '/live/none.m3u8'));
  await untilAtLast(() => app.logs.some((line) => line.startsWith('source-not-found ')), 'the error event');
}
