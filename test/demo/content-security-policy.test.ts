import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type * as gatecast from '@gatecast/player';
import type { Browser, Page } from 'playwright-core';
import { strictPolicy } from '../../demo/server/content-security-policy.js';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';

/** Short enough for an early renewal, long enough for requests on a busy machine. */
const tokenTtlSeconds = 12;

/** The violations that the page's own listener has counted, as the browser describes them. */
const readViolations = (page: Page): Promise<string> =>
  page
    .locator('#policy')
    .innerText()
    .then((text) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('✗'))
        .join('\n'),
    );

describe('a page under a strict Content-Security-Policy', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds });
    await server.buildScriptTag();
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  async function openStrictPage(): Promise<{ page: Page; troubles: readonly string[] }> {
    const opened = await watchPage(browser, `${server.origin}/csp/`);
    await waitForPicture(opened.page);
    // The player plays before the rest of the script has run.
    await opened.page.evaluate(() => customElements.whenDefined('secure-webcaster').then(() => undefined));
    return opened;
  }

  it('is served with the policy from the readmes', async () => {
    const response = await fetch(`${server.origin}/csp/`);
    assert.equal(response.headers.get('Content-Security-Policy'), strictPolicy);
    for (const name of ['player', 'webcaster']) {
      assert.ok(readFileSync(`packages/${name}/README.md`, 'utf8').includes(strictPolicy), name);
    }
  });

  it('plays across a token renewal and shows the preview without a violation', async () => {
    const { page, troubles } = await openStrictPage();
    const isRenewed = page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          const player = document.querySelector('secure-player');
          player?.addEventListener('secure-token-refreshed', ({ reason }) => {
            if (reason === 'scheduled') resolve(true);
          });
        }),
    );
    await page.evaluate(() => document.querySelector('secure-webcaster')?.startPreview());
    await page.locator('secure-webcaster button').first().waitFor();
    await page.waitForFunction(
      () =>
        (document.querySelector('secure-webcaster')?.shadowRoot?.querySelector('video')?.videoWidth ?? 0) > 0,
    );
    assert.equal(await isRenewed, true);
    assert.equal(await readViolations(page), '');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('loads a vendor’s script with its own policy', async () => {
    const { page, troubles } = await openStrictPage();
    await page.route('**/vendor.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'globalThis.isVendorLoaded = true;' }),
    );
    await page.evaluate(async (address) => {
      const { allowVendorScripts } = (await import(address)) as typeof gatecast;
      allowVendorScripts(['/vendor.js']);
      const webcaster = document.querySelector('secure-webcaster');
      if (!webcaster) return;
      Object.assign(webcaster, { publisher: 'nanostream', publisherSrc: '/vendor.js' });
      // The fake script cannot sign in. The test only checks that it ran.
      webcaster.signIn().catch(() => undefined);
    }, '/gatecast.js');
    await page.waitForFunction(() => 'isVendorLoaded' in globalThis);
    assert.equal(await readViolations(page), '');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('receives an event for each violation', async () => {
    const { page } = await openStrictPage();
    await page
      .evaluate(() => {
        document.createElement('script').text = 'void 0';
      })
      .catch(() => undefined);
    await page.waitForFunction(() => document.querySelector('#violations')?.textContent === '1');
    assert.match(await readViolations(page), /require-trusted-types-for/);
    await page.close();
  });
});
