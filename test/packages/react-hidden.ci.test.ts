import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mediaEvents } from '@gatecast/react/internal/media-events';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { sourceConditions } from '../../.config/bundle/build-environments.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import type {} from './pages/hidden/main.js';
import { serveProject, type ServedProject } from './support/serve-project.js';

const outDir = join(repositoryRoot, '.build/react-hidden');

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
