import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { listen, originOf, portOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { serveProject } from '../packages/support/serve-project.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** Public host names, which lead to this machine in the browser of the test. */
const HOST = 'watch.example';
const FRAME_HOST = 'frame.example';
/** A private address, which leads to this machine, too. */
const PRIVATE = '192.168.7.7';

const DENIED = /^[\w-]+: The browser does not let this page use the local network\./;
const INSECURE = /^[\w-]+: The browser lets only secure pages use addresses of the local network\./;
const MIXED =
  /^[\w-]+: Browsers block http: on an https: page \(mixed content\)\. Use an https: address\. (?!.*local network)/;

/** What the address is for. An error of the token endpoint comes at once, that of a playlist after some attempts. */
type Asker = 'playlist' | 'token';

describe('a public page with an address that browsers block', { skip: missingBrowser }, () => {
  const asked: string[] = [];
  const media = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Access-Control-Allow-Headers', '*');
    response.end();
  });
  let site: Awaited<ReturnType<typeof serveProject>>;
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  let sitePort: string;
  let privateOrigin: string;

  before(async () => {
    await listen(media, 0, '127.0.0.1');
    ({ folder } = await buildGatecast());
    site = await serveProject(folder);
    sitePort = new URL(site.origin).port;
    privateOrigin = `http://${PRIVATE}:${String(portOf(media))}`;
    const secure = [HOST, FRAME_HOST].map((host) => `http://${host}:${sitePort}`);
    browser = await openBrowser([
      `--host-resolver-rules=MAP *.example 127.0.0.1,MAP ${PRIVATE} 127.0.0.1`,
      `--ip-address-space-overrides=127.0.0.1:${sitePort}=public,127.0.0.1:${String(portOf(media))}=private`,
      `--unsafely-treat-insecure-origin-as-secure=${secure.join(',')}`,
    ]);
  });

  after(async () => {
    await browser.close();
    await site.close();
    await stopServer(media);
  });

  /** A page with https:, whose files the test sends. What the browser blocks is never asked for. */
  async function openHttps(permissions?: string[]): Promise<Page> {
    context = await browser.newContext();
    if (permissions) await context.grantPermissions(permissions);
    const page = await context.newPage();
    await page.route(`https://${HOST}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      return pathname.endsWith('.js')
        ? route.fulfill({
            contentType: 'text/javascript',
            body: readFileSync(join(folder, pathname), 'utf8'),
          })
        : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Watch</title>' });
    });
    await page.goto(`https://${HOST}/watch`);
    return page;
  }

  /** A page with http:, from this machine. */
  async function openHttp(host: string): Promise<Page> {
    context = await browser.newContext();
    const page = await context.newPage();
    // Any document of the site: one that the test made up would have no address.
    await page.goto(`http://${host}:${sitePort}/start.json`);
    return page;
  }

  /** Code and hint of the error that an element reports for an address. */
  async function hintOn(page: Page | Frame, address: string, asker: Asker = 'token'): Promise<string> {
    return page.evaluate(
      async ([url = '', from]) => {
        await import(new URL('/gatecast.js', location.href).href);
        const player = document.createElement('secure-player');
        player.src = from === 'token' ? '/live/a.m3u8' : url;
        if (from === 'token') player.tokenUrl = url;
        else player.tokenPlacement = 'none';
        player.muted = true;
        const failed = new Promise<string>((resolve) => {
          for (const type of ['secure-error', 'secure-token-failed'] as const)
            player.addEventListener(type, ({ error }) => resolve(`${error.code}: ${error.hint}`));
        });
        document.body.append(player);
        player.autoplay = true;
        return failed;
      },
      [address, asker],
    );
  }

  // Without a window, Chromium answers its question to the viewer with no.
  for (const [asker, path] of [
    ['playlist', '/live/demo.m3u8'],
    ['token', '/api/tokens'],
  ] as const)
    it(`names the permission for a private address with http: (${asker})`, async () => {
      const page = await openHttps();
      const hint = await hintOn(page, `${privateOrigin}${path}`, asker);
      assert.match(hint, DENIED);
      assert.doesNotMatch(hint, /mixed content/);
      await context.close();
    });

  it('names mixed content for a name with http:, and for an address that is not private', async () => {
    const page = await openHttps();
    for (const host of [HOST, '203.0.113.7'])
      assert.match(await hintOn(page, `http://${host}:${String(portOf(media))}/api/tokens`), MIXED);
    await context.close();
    assert.deepEqual(asked, []);
  });

  it('says that the viewer has refused, and that a frame needs allow', async () => {
    const page = await openHttps([]);
    const hint = await hintOn(page, `${privateOrigin}/api/tokens`);
    assert.match(hint, DENIED);
    assert.match(hint, /allow="local-network-access"/);
    await context.close();
    const outer = await openHttp(HOST);
    for (const [allow, expected] of [
      ['', /^denied/],
      ['local-network-access', /^prompt/],
      ['local-network; loopback-network', /^prompt/],
    ] as const) {
      await outer.evaluate(
        ([src = '', list = '']) => {
          const iframe = Object.assign(document.createElement('iframe'), { src, allow: list });
          document.body.replaceChildren(iframe);
          return new Promise<void>((resolve) => iframe.addEventListener('load', () => resolve()));
        },
        [`http://${FRAME_HOST}:${sitePort}/start.json`, allow],
      );
      const [, frame] = outer.frames();
      assert.ok(frame);
      const state = await frame.evaluate(() =>
        navigator.permissions
          .query({ name: 'local-network' as PermissionName })
          .then((status) => status.state),
      );
      assert.match(state, expected, allow);
      if (state === 'denied') assert.match(await hintOn(frame, `${privateOrigin}/api/tokens`), DENIED);
    }
    await context.close();
  });

  it('asks for https: where an insecure page uses the local network', async () => {
    const page = await openHttp('plain.example');
    assert.match(await hintOn(page, `${originOf(media)}/api/tokens`), INSECURE);
    await context.close();
    assert.deepEqual(asked, []);
  });

  it('blames neither when the viewer has allowed it', async () => {
    const page = await openHttps(['local-network-access']);
    const hint = await hintOn(page, `${privateOrigin}/api/tokens`);
    assert.doesNotMatch(hint, /local network|mixed content/);
    assert.ok(asked.includes('/api/tokens'));
    await context.close();
  });
});
