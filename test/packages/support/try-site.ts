import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { SecurePlayer } from '@gatecast/player';
import type { Browser, ElementHandle } from 'playwright-core';
import { until } from '../../support/wait.js';
import { AppPage } from './app-page.js';

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
  await until(
    () => player.evaluate(({ tokenStates }) => tokenStates.some((one) => one.lastReason === 'manual')),
    'the refresh that the button asks for',
  );
  // The first event may have come before the listener.
  await player.evaluate((one) => one.pause());
  await player.evaluate((one) => one.play());
  const isShown = async (): Promise<boolean> =>
    (await app.page.getByText('Live', { exact: true }).count()) > 0;
  await until(async () => app.logs.includes('playing') || isShown(), 'the event');
  assert.deepEqual(app.troubles, []);
  await app.close();
}

/** Resolves when the page has no request and no worker, and the player has ended its session. */
async function idle(app: AppPage, player: ElementHandle<SecurePlayer>): Promise<void> {
  const isIdle = async (): Promise<boolean> =>
    app.running().length === 0 && (await player.evaluate((one) => one.diagnostics()['playback'] === null));
  await until(isIdle, 'the end of all work');
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
  await until(async () => {
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
    await until(async () => isDeepStrictEqual(await stateOf(), left), JSON.stringify(left));
    if (!keepsRoute) {
      await player.evaluate((one) => window.leftPlayers.push(new WeakRef(one)));
      await idle(app, player);
    }
    await player.dispose();
  }
  assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'no other page was loaded');
  // A framework may keep the last one.
  await until(async () => (await playersInMemory(app)) <= 1, 'the players to leave the memory');
  assert.deepEqual(app.troubles, []);
  await app.close();
}
