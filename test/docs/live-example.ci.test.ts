import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { buildDocs } from '../../demo/docs/.vitepress/build-docs.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../demo/backend/http/http-listener.js';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { createDocsRoutes } from '../../demo/server/docs-routes.js';
import { findBarriers } from '../support/find-barriers.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

describe('the documentation in a browser', { skip: missingBrowser }, () => {
  let folder: string;
  let demo: DemoServer;
  let browser: Browser;

  before(async () => {
    ({ folder } = await buildDocs());
    demo = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await demo.buildScriptTag();
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    await demo.close();
  });

  async function visit(
    address: string,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 }, colorScheme });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(address);
    return { page, troubles };
  }

  it('plays its examples on the demo server, and a narrow page does not overflow', async () => {
    const { page, troubles } = await visit(`${demo.origin}/docs/`);
    await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    const sticksOut = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(sticksOut, 0);
    assert.deepEqual(troubles, []);
  });

  const looks = [
    ['', 'light'],
    ['guide/compared.html', 'dark'],
    ['quick-start/hls.html', 'light'],
    ['quick-start/hls.html', 'dark'],
    ['nothing.html', 'light'],
  ] as const;
  for (const [path, colorScheme] of looks) {
    it(`is accessible on /docs/${path} in ${colorScheme} colours`, async () => {
      const { page } = await visit(`${demo.origin}/docs/${path}`, colorScheme);
      await page.locator('main, [role=main]').waitFor();
      assert.deepEqual(await findBarriers(page), []);
      await page.close();
    });
  }

  it('finds pages that a person has written before the exports of the packages', async () => {
    const { page, troubles } = await visit(`${demo.origin}/docs/`);
    await page.locator('.VPNavBarSearch button').first().click();
    await page.locator('.VPLocalSearchBox input').fill('updateSource');
    const results = page.locator('.VPLocalSearchBox .results a');
    await results.first().waitFor();
    const addresses = await results.evaluateAll((links) =>
      links.slice(0, 2).map((link) => link.getAttribute('href')?.replace(/#.*/, '')),
    );
    assert.deepEqual(addresses, ['/docs/reference/', '/docs/quick-start/h5live.html']);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('names the server that plays the examples where the tags are missing', async () => {
    const server = createServer(toNodeHandler(createDocsRoutes(folder)));
    await listen(server, 0, '127.0.0.1');
    try {
      const { page, troubles } = await visit(`${originOf(server)}/docs/`);
      await page.getByText('npm start').waitFor();
      assert.equal(await page.locator('secure-player').count(), 0);
      assert.deepEqual(troubles, []);
    } finally {
      await stopServer(server);
    }
  });
});
