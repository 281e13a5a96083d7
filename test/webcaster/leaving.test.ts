import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { createBackend } from '../../demo/backend/backend.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { serveGatecast } from '../support/serve-gatecast.js';
import { until } from '../support/wait.js';

const writePage = (
  backendOrigin: string,
) => `<!doctype html><html lang="en"><script type="module" src="/gatecast.js"></script>
<body><secure-webcaster stream="cam" endpoint="${backendOrigin}/whip/{stream}" token-url="${backendOrigin}/api/tokens"></secure-webcaster>
</body></html>`;

interface LogBody {
  readonly entries: readonly { readonly method: string; readonly path: string; readonly status: number }[];
}

async function deletions(backendOrigin: string): Promise<number[]> {
  const response = await fetch(`${backendOrigin}/api/qa/log`);
  const { entries } = (await response.json()) as LogBody;
  // The log contains a request before its response, with the status 0.
  return entries
    .filter(({ method, status }) => method === 'DELETE' && status > 0)
    .map(({ status }) => status);
}

async function goLive(page: Page): Promise<void> {
  await page.waitForSelector('secure-webcaster:defined');
  await page.evaluate(() => document.querySelector('secure-webcaster')?.startBroadcast());
}

describe('leaving a page during a broadcast', { skip: missingBrowser }, () => {
  it('deletes the session on navigation and on a closed tab, and goes live again after going back', async () => {
    const backend = await (await createBackend()).listen();
    const { folder } = await buildGatecast();
    const site = await serveGatecast(folder, writePage(backend.origin));
    const browser = await openBrowser();
    const untilDeleted = async (count: number) => {
      await until(async () => (await deletions(backend.origin)).length >= count, 'the end of the session');
      return deletions(backend.origin);
    };
    try {
      const page = await browser.newPage();
      await page.goto(site.origin);
      await goLive(page);
      await page.goto('about:blank');
      assert.deepEqual(await untilDeleted(1), [200]);
      await page.goBack();
      // Whether the page came from the back/forward cache or was reloaded: no broadcast runs, and one can start.
      const state = await page.evaluate(() => document.querySelector('secure-webcaster')?.state);
      assert.ok(state !== 'live' && state !== 'reconnecting', `the state is ${String(state)}`);
      await goLive(page);
      await page.close({ runBeforeUnload: true });
      assert.deepEqual(await untilDeleted(2), [200, 200]);
    } finally {
      await browser.close();
      await site.close();
      await backend.close();
    }
  });
});
