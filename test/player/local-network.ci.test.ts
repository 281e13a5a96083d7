import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { serveProject } from '../packages/support/serve-project.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** A public host name, which leads to this machine in the browser of the test. */
const HOST = 'watch.example';

describe('a public page with a stream of the local network', { skip: missingBrowser }, () => {
  const media = createServer((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end('#EXTM3U\n');
  });
  let site: Awaited<ReturnType<typeof serveProject>>;

  before(async () => {
    await listen(media, 0, '127.0.0.1');
    site = await serveProject((await buildGatecast()).folder);
  });

  after(async () => {
    await site.close();
    await stopServer(media);
  });

  /** The hint that the page gets. */
  async function hintOn(browser: Browser, port: string): Promise<string> {
    const page = await browser.newPage();
    // Any document of the site: one that the test made up would have no address.
    await page.goto(`http://${HOST}:${port}/start.json`);
    return page.evaluate(
      async (src) => {
        await import(new URL('/gatecast.js', location.href).href);
        const player = document.createElement('secure-player');
        player.src = src;
        player.tokenPlacement = 'none';
        player.muted = true;
        const failed = new Promise<string>((resolve) => {
          player.addEventListener('secure-error', ({ error }) => resolve(`${error.code}: ${error.hint}`));
        });
        document.body.append(player);
        player.autoplay = true;
        return failed;
      },
      `${originOf(media)}/live/demo.m3u8`,
    );
  }

  it('names the permission that Chromium asks for', async () => {
    const { port } = new URL(site.origin);
    const browser = await openBrowser([
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
      `--ip-address-space-overrides=127.0.0.1:${port}=public`,
      `--unsafely-treat-insecure-origin-as-secure=http://${HOST}:${port}`,
    ]);
    try {
      assert.match(await hintOn(browser, port), /^source-unreachable: .*the local network/);
    } finally {
      await browser.close();
    }
  });
});
