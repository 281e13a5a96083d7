import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { serveProject } from '../packages/support/serve-project.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** A public host name, which leads to this machine in the browser of the test. */
const HOST = 'watch.example';

describe('a public page with a stream that browsers block', { skip: missingBrowser }, () => {
  const media = createServer((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end('#EXTM3U\n');
  });
  let site: Awaited<ReturnType<typeof serveProject>>;
  let folder: string;

  before(async () => {
    await listen(media, 0, '127.0.0.1');
    ({ folder } = await buildGatecast());
    site = await serveProject(folder);
  });

  after(async () => {
    await site.close();
    await stopServer(media);
  });

  /** The hint that a page gets for a stream. */
  async function hintOn(page: Page, address: string, src: string): Promise<string> {
    // Any document of the site: one that the test made up would have no address.
    await page.goto(`${address}/start.json`);
    return page.evaluate(async (stream) => {
      await import(new URL('/gatecast.js', location.href).href);
      const player = document.createElement('secure-player');
      player.src = stream;
      player.tokenPlacement = 'none';
      player.muted = true;
      const failed = new Promise<string>((resolve) => {
        player.addEventListener('secure-error', ({ error }) => resolve(`${error.code}: ${error.hint}`));
      });
      document.body.append(player);
      player.autoplay = true;
      return failed;
    }, src);
  }

  it('names the permission that Chromium asks for', async () => {
    const { port } = new URL(site.origin);
    const browser = await openBrowser([
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
      `--ip-address-space-overrides=127.0.0.1:${port}=public`,
      `--unsafely-treat-insecure-origin-as-secure=http://${HOST}:${port}`,
    ]);
    try {
      const hint = await hintOn(
        await browser.newPage(),
        `http://${HOST}:${port}`,
        `${originOf(media)}/live/demo.m3u8`,
      );
      assert.match(hint, /^source-unreachable: .*the local network/);
      assert.doesNotMatch(hint, /mixed content/);
    } finally {
      await browser.close();
    }
  });

  it('names mixed content for an http address on an https page', async () => {
    const browser = await openBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]);
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      // The page and its script; what the browser blocks is never asked for.
      await page.route('**', (route) => {
        const { protocol, pathname } = new URL(route.request().url());
        if (protocol !== 'https:') asked.push(pathname);
        return pathname.endsWith('.js')
          ? route.fulfill({
              contentType: 'text/javascript',
              body: readFileSync(join(folder, pathname), 'utf8'),
            })
          : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Watch</title>' });
      });
      const { port } = new URL(originOf(media));
      const hint = await hintOn(page, `https://${HOST}`, `http://${HOST}:${port}/live/demo.m3u8`);
      assert.match(
        hint,
        /^source-unreachable: Browsers block http: on an https: page \(mixed content\)\. Use an https: address\./,
      );
      assert.doesNotMatch(hint, /local network/);
      assert.deepEqual(asked, []);
    } finally {
      await browser.close();
    }
  });
});
