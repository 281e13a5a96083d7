import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { SecurePlayer } from '@gatecast/player';
import type { Browser, ElementHandle } from 'playwright-core';
import { AppPage } from './app-page.js';
import { assertReloads } from './assert-reloads.js';
import { untilAtLast } from './patient-wait.js';
import { assertKeepsNothing, go, openApp } from './watch-app.js';

declare global {
  interface Window {
    /** The players that a test has left, as far as they are still in memory. */
    leftPlayers: WeakRef<SecurePlayer>[];
  }
}

/** Plays on both pages of a site. They are loaded, not opened by a link, so that the framework hydrates them. */
export async function playEach(browser: Browser, origin: string): Promise<void> {
  const watch = await AppPage.open(browser, `${origin}/watch`);
  const first = await watch.picture();
  assert.equal(await first.evaluate(({ tokenUrl }) => tokenUrl), '/api/tokens');
  assert.equal(watch.tokenRequests.filter((reason) => reason === 'initial').length, 1);
  assert.deepEqual(watch.troubles, []);
  await watch.close();

  const app = await AppPage.open(browser, `${origin}/player`);
  const player = await app.picture();
  assert.deepEqual(app.tokenRequests, ['own'], 'one request, of the function');
  const seen = await player.evaluate(({ hlsConfig, src, controls, muted, autoplay, playsInline }) => ({
    ...{ hlsConfig, src, flags: [controls !== false, muted, autoplay, playsInline] },
  }));
  const flags = [true, true, true, true];
  assert.deepEqual(seen, { hlsConfig: { maxBufferLength: 20 }, src: '/live/demo.m3u8', flags });
  await app.page.getByText('New token').click();
  await untilAtLast(
    () => player.evaluate(({ tokenStates }) => tokenStates.some((one) => one.lastReason === 'manual')),
    'the refresh that the button asks for',
  );
  // The first event may have come before the listener.
  await player.evaluate((one) => one.pause());
  await player.evaluate((one) => one.play());
  const isShown = async (): Promise<boolean> =>
    (await app.page.getByText('Live', { exact: true }).count()) > 0;
  await untilAtLast(async () => app.logs.includes('playing') || isShown(), 'the event');
  assert.deepEqual(app.troubles, []);
  await app.close();
}

/** Resolves when the page has no request and no worker, and the player has ended its session. */
async function idle(app: AppPage, player: ElementHandle<SecurePlayer>): Promise<void> {
  const isIdle = async (): Promise<boolean> =>
    app.running().length === 0 && (await player.evaluate((one) => one.diagnostics()['playback'] === null));
  await untilAtLast(isIdle, 'the end of all work');
}

/** How many of the players that were left are still in memory, after garbage collection. */
async function playersInMemory(app: AppPage): Promise<number> {
  await app.collectGarbage();
  return app.page.evaluate(() => window.leftPlayers.filter((one) => one.deref() !== undefined).length);
}

/**
 * Leaves a route with a player by a link of the framework's router, twice. Nothing goes on, and it plays again.
 *
 * @param keepsRoute - the framework only hides the route that was left. Its player pauses then.
 */
export async function leaveAndReturn(browser: Browser, origin: string, keepsRoute: boolean): Promise<void> {
  const app = await AppPage.open(browser, `${origin}/`);
  const { page } = app;
  // A click before hydration loads the other page.
  await untilAtLast(async () => {
    await page.goto(`${origin}/`, { waitUntil: 'networkidle' });
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await page.getByText('Watch').click();
    await page.locator('secure-player').waitFor();
    await page.getByText('Home').first().click();
    await page.waitForURL(`${origin}/`);
    return page.evaluate(() => 'isSamePage' in window);
  }, 'a page that is hydrated');
  await page.evaluate(() => (window.leftPlayers = []));
  for (let count = 0; count < 2; count += 1) {
    await page.getByText('Watch').click();
    const player = await app.picture();
    await page.getByText('Home').first().click();
    const left = { isConnected: keepsRoute, isVisible: false, paused: true };
    const stateOf = (): Promise<typeof left> =>
      player.evaluate((one) => ({
        isConnected: one.isConnected,
        isVisible: one.checkVisibility(),
        paused: one.paused,
      }));
    await untilAtLast(async () => isDeepStrictEqual(await stateOf(), left), JSON.stringify(left));
    if (!keepsRoute) {
      await player.evaluate((one) => window.leftPlayers.push(new WeakRef(one)));
      await idle(app, player);
    }
    await player.dispose();
  }
  assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'no other page was loaded');
  // A framework may keep the last one.
  await untilAtLast(async () => (await playersInMemory(app)) <= 1, 'the players to leave the memory');
  assert.deepEqual(app.troubles, []);
  await app.close();
}

/**
 * Fifty mounts and route changes of a site leave no timer, request, listener, node or player.
 *
 * @param path - of a page without a player.
 */
export async function leaveOften(browser: Browser, origin: string, path: string): Promise<void> {
  const app = await openApp(browser, 'about:blank');
  const { page } = app;
  // Astro's router then changes the route without an animation, which takes most of the time.
  await page.addInitScript(() => Reflect.deleteProperty(Document.prototype, 'startViewTransition'));
  const isSame = (): Promise<boolean> => page.evaluate(() => 'isSamePage' in window);
  // A click before hydration loads the other page.
  await untilAtLast(async () => {
    await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' });
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await go(app, 'live');
    await app.picture();
    await go(app, 'home');
    return isSame();
  }, 'a page that is hydrated');
  await assertKeepsNothing(app);
  assert.equal(await isSame(), true, 'no other page was loaded');
  await app.close();
}

/**
 * Changes the component of a page while it plays.
 *
 * @param isStrict - the page writes `effect` to its console for each effect. StrictMode makes two for one player.
 */
export async function reload(
  browser: Browser,
  address: string,
  { file, replaces, isStrict }: { file: string; replaces: boolean; isStrict: boolean },
): Promise<void> {
  const app = await AppPage.open(browser, address);
  await app.picture();
  assert.equal(app.logs.filter((text) => text === 'effect').length, isStrict ? 2 : 0, 'effects');
  await assertReloads(app, file, replaces);
  await app.close();
}
