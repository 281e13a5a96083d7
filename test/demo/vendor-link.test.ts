import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import {
  startNanoSocketServer,
  type NanoSocketServer,
  type SocketConnection,
} from '../doubles/nanoplayer/socket-server.js';
import { rerouteHosts, rerouteSockets } from '../docs/support/reroute.js';
import { bundleClassicScript } from '../support/bundle-classic-script.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** The link in the section "Verifying playbacks" of the vendor's STS document, without the address of its page. */
const LINK =
  'h5live.server.websocket=wss://bintu-splay.nanocosmos.de/h5live/authstream&h5live.server.hls=https://bintu-splay.nanocosmos.de/h5live/authhttp/playlist.m3u8&h5live.rtmp.url=rtmp://bintu-splay.nanocosmos.de/splay&h5live.rtmp.streamname=[your Bintu stream name]&h5live.security.expires=[expires from response]&h5live.security.tag=[tag from response]&h5live.security.token=[token from response]&h5live.security.options=[options from response]';

interface StsAnswer {
  readonly h5live: { readonly security: Readonly<Record<'expires' | 'tag' | 'token' | 'options', string>> };
}

describe('the demo’s page for vendor links', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let sockets: NanoSocketServer;
  let browser: Browser;
  let script: string;
  let context: BrowserContext | undefined;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
    sockets = await startNanoSocketServer(server.origin);
    script = await bundleClassicScript('doubles/nanoplayer/nanoplayer-5.ts');
    browser = await openBrowser();
  });

  after(async () => {
    await context?.close();
    await browser.close();
    await sockets.close();
    await server.close();
  });

  async function requestSecurity(restrictions: object): Promise<StsAnswer['h5live']['security']> {
    const response = await fetch(`${server.origin}/nanostream/secure/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-BINTU-APIKEY': 'demo-api-key' },
      body: JSON.stringify({ streamname: 'XXXXX-YYYYY', ...restrictions }),
    });
    assert.equal(response.status, 200);
    return ((await response.json()) as StsAnswer).h5live.security;
  }

  const expires = String(Math.floor(Date.now() / 1000) + 86_400);
  for (const [section, restrictions, fields] of [
    ['(a)', { tag: 'customer 7', expires }, ['expires', 'options', 'tag', 'token']],
    ['(c)', { ip: '203.0.113.7' }, ['options', 'token']],
    ['(d)', { tag: 'customer 7', referer: 'demo.nanocosmos.de' }, ['options', 'tag', 'token']],
  ] as const) {
    it(`plays the document’s link with a token of section ${section}`, async () => {
      const security = await requestSecurity(restrictions);
      const link = new URLSearchParams(
        LINK.replace('[your Bintu stream name]', 'XXXXX-YYYYY').replace(
          /\[(expires|tag|token|options) from response\]/g,
          (_, name: keyof typeof security) => security[name],
        ),
      );
      await fetch(`${sockets.origin.replace('ws', 'http')}/control`, {
        method: 'POST',
        body: JSON.stringify({ reset: true }),
      });
      context = await browser.newContext();
      await rerouteHosts(context, [], () => new Response());
      await rerouteSockets(context, 'bintu-splay.nanocosmos.de', sockets.origin);
      const page = await context.newPage();
      await page.route(
        ({ pathname }) => pathname === '/own-nanoplayer.js',
        (route) => route.fulfill({ contentType: 'text/javascript', body: script }),
      );
      await page.goto(
        `${server.origin}/vendor-link/?engine=nanoplayer&nanoplayer-src=/own-nanoplayer.js&${link.toString()}`,
      );
      await page.locator('dialog button', { hasText: 'Allow these servers' }).click();
      await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0.5);
      const response = await fetch(`${sockets.origin.replace('ws', 'http')}/connections`);
      const connections = (await response.json()) as SocketConnection[];
      const played = connections.find(({ verdict }) => verdict === 'ok');
      assert.deepEqual(
        played?.fields
          .filter((name) => ['expires', 'tag', 'token', 'options', 'jwtoken'].includes(name))
          .sort(),
        fields,
      );
      await context.close();
    });
  }
});
