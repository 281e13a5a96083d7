import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deferred } from '@gatecast/element';
import { mediaEvents } from '@gatecast/react/internal/media-events';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { sourceConditions } from '../../.config/bundle/build-environments.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import type {} from './pages/hidden/main.js';
import { serveProject, type ServedProject } from './support/serve-project.js';

const outDir = join(repositoryRoot, '.build/react-hidden');

/** Hides or shows the components, and waits until React has done so. */
function setMode(page: Page, mode: 'visible' | 'hidden', props: object = {}): Promise<void> {
  return page.evaluate(
    async ([wanted, given]) => {
      const player = document.querySelector('secure-player');
      if (!player) throw new Error('There is no player.');
      window.hiddenPage.render(wanted, given);
      while ((getComputedStyle(player).display === 'none') !== (wanted === 'hidden'))
        await new Promise(requestAnimationFrame);
      // What reacts to it does so in a microtask.
      await new Promise(requestAnimationFrame);
    },
    [mode, props] as const,
  );
}

describe('React components, and the tags in React', { skip: missingBrowser }, () => {
  let browser: Browser;
  let site: ServedProject;

  before(async () => {
    await build({
      configFile: false,
      root: join(repositoryRoot, 'test/packages/pages/hidden'),
      logLevel: 'error',
      resolve: { conditions: sourceConditions },
      build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 700 },
    });
    site = await serveProject(outDir);
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    await site.close();
  });

  async function openPage(): Promise<{ page: Page; troubles: readonly string[] }> {
    return await watchPage(browser, `${site.origin}/`);
  }

  it('start once in strict mode, with one token request and without a pause', async () => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/tokens')) requests.push(request.postData() ?? '');
    });
    await page.goto(`${site.origin}/`);
    await waitForPicture(page);
    await page.waitForFunction(() => window.hiddenPage.heard.includes('play'));
    await page.evaluate(() => document.querySelector('secure-player')?.refreshToken());
    assert.deepEqual(await page.evaluate(() => window.hiddenPage.heard), ['play']);
    assert.equal(requests.filter((text) => text.includes('"initial"')).length, 1);
    await page.close();
  });

  it('pause a player that plays, and let it go on with the viewer’s volume when it is shown', async () => {
    const { page, troubles } = await openPage();
    await waitForPicture(page);
    await page.evaluate(() => {
      const player = document.querySelector('secure-player');
      if (player) Object.assign(player, { muted: false, volume: 0.25 });
    });
    await setMode(page, 'hidden');
    const hidden = await page.evaluate(() => {
      const player = document.querySelector('secure-player');
      return [player?.isConnected, player?.paused, player?.muted];
    });
    assert.deepEqual(hidden, [true, true, false]);
    await setMode(page, 'visible');
    const shown = await page.evaluate(async () => {
      const player = document.querySelector('secure-player');
      if (!player) throw new Error('There is no player.');
      const startS = player.currentTime;
      while (player.paused || player.currentTime < startS + 0.5) await new Promise(requestAnimationFrame);
      return { muted: player.muted, volume: player.volume, heard: window.hiddenPage.heard };
    });
    assert.deepEqual(shown, { muted: false, volume: 0.25, heard: ['play', 'pause', 'play'] });
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('leave a paused player paused', async () => {
    const { page } = await openPage();
    await waitForPicture(page);
    await page.evaluate(() => document.querySelector('secure-player')?.pause());
    await setMode(page, 'hidden');
    await setMode(page, 'visible');
    await page.evaluate(() => document.querySelector('secure-player')?.refreshToken());
    assert.deepEqual(
      await page.evaluate(() => [document.querySelector('secure-player')?.paused, window.hiddenPage.heard]),
      [true, ['play', 'pause']],
    );
    await page.close();
  });

  it('pause a player that would begin while it is hidden, and let it begin when it is shown', async () => {
    const page = await browser.newPage();
    const held = deferred<undefined>();
    await page.route('**/*.m3u8*', async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto(`${site.origin}/`);
    await page.waitForSelector('secure-player');
    await setMode(page, 'hidden');
    held.resolve(undefined);
    await page.waitForFunction(() => window.hiddenPage.heard.includes('pause'));
    assert.equal(await page.evaluate(() => document.querySelector('secure-player')?.paused), true);
    await setMode(page, 'visible');
    await page.waitForFunction(() => window.hiddenPage.heard.join() === 'play,pause,play');
    await waitForPicture(page);
    await page.close();
  });

  it('return a viewer who watched live to the live edge', async () => {
    const { page } = await openPage();
    await waitForPicture(page);
    await page.waitForFunction(() => {
      const player = document.querySelector('secure-player');
      return player !== null && player.currentTime >= (player.liveEdgeStart ?? Infinity);
    });
    await setMode(page, 'hidden');
    await page.waitForFunction(() => {
      const player = document.querySelector('secure-player');
      return player && (player.liveEdgeStart ?? 0) > player.currentTime + 3;
    });
    await setMode(page, 'visible');
    await page.waitForFunction(() => {
      const player = document.querySelector('secure-player');
      return player && !player.paused && player.currentTime >= (player.liveEdgeStart ?? Infinity);
    });
    await page.close();
  });

  it('unmount a hidden player for good', async () => {
    const { page, troubles } = await openPage();
    await waitForPicture(page);
    await setMode(page, 'hidden');
    await page.evaluate(async () => {
      const player = document.querySelector('secure-player');
      if (!player) throw new Error('There is no player.');
      window.hiddenPage.unmount();
      while (player.diagnostics()['playback'] !== null) await new Promise(requestAnimationFrame);
    });
    assert.equal(await page.locator('secure-player').count(), 0);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('release the camera of a preview, and keep a broadcast live', async () => {
    const { page, troubles } = await openPage();
    const state = (): Promise<string | undefined> =>
      page.evaluate(() => document.querySelector('secure-webcaster')?.state);
    await page.evaluate(() => document.querySelector('secure-webcaster')?.startPreview());
    await setMode(page, 'hidden');
    await page.waitForFunction(() => document.querySelector('secure-webcaster')?.state === 'idle');
    await setMode(page, 'visible');
    await page.waitForFunction(() => document.querySelector('secure-webcaster')?.state === 'preview');
    await page.evaluate(() => document.querySelector('secure-webcaster')?.startBroadcast());
    await setMode(page, 'hidden');
    await page.evaluate(() => document.querySelector('secure-webcaster')?.refreshToken());
    assert.equal(await state(), 'live');
    await setMode(page, 'visible');
    assert.equal(await state(), 'live');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('are not needed for media events on the tag itself: React calls `onplaying`, and never `onPlaying`', async () => {
    const { page } = await openPage();
    const events = Object.values(mediaEvents);
    const heard = await page.evaluate(async (types) => {
      const before = document.querySelector('secure-player');
      window.hiddenPage.renderTag();
      while (before?.isConnected === true) await new Promise(requestAnimationFrame);
      const player = document.querySelector('secure-player');
      // The old player's last events.
      await new Promise(requestAnimationFrame);
      window.hiddenPage.heard.length = 0;
      for (const type of types) player?.dispatchEvent(new Event(type));
      return window.hiddenPage.heard;
    }, events);
    assert.deepEqual(
      heard,
      events.map((event) => `on${event}`),
    );
    await page.close();
  });
});
