import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { listForeignOrigins } from '../../demo/shared/trust/foreign-origins.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { until } from '../support/wait.js';

describe('the foreign origins in a link', () => {
  const pageUrl = 'http://localhost:5173/player/';
  const list = (query: string) => listForeignOrigins(new URLSearchParams(query), pageUrl);

  it('are those of all parameters with an address, on every page', () => {
    for (const name of [
      ...['src', 'token-url', 'token-origins', 'playlist-signer', 'nanoplayer-src', 'poster'],
      ...[
        'publisher-src',
        'endpoint',
        'webcaster.endpoint',
        'webcaster.token-url',
        'webcaster.publisher-src',
      ],
      ...['h5live.server.websocket', 'h5live.server.hls', 'h5live.server.progressive'],
    ]) {
      const runsScript = /(?:nanoplayer|publisher)-src$/.test(name);
      assert.deepEqual(list(`${name}=https://evil.example/x`), [
        { origin: 'https://evil.example', parameters: [name], runsScript },
      ]);
      assert.deepEqual(list(`${name}=//evil.example/x`)[0]?.origin, 'http://evil.example', name);
    }
  });

  it('are collected by origin, without the page’s own', () => {
    assert.deepEqual(
      list('src=/live/demo.m3u8&token-url=http://localhost:5173/x&stream=https://evil.example'),
      [],
    );
    assert.deepEqual(
      list(
        'src=wss://a.example/x&token-origins=https://a.example%20https://b.example&poster=javascript:1',
      ).map(({ origin, parameters }) => [origin, ...parameters]),
      [
        ['https://a.example', 'src', 'token-origins'],
        ['https://b.example', 'token-origins'],
        ['javascript:', 'poster'],
      ],
    );
    assert.equal(list('src=http://localhost:5174/x')[0]?.origin, 'http://localhost:5174');
    // The first value counts for the page, so all of them are checked.
    assert.equal(list('src=/a&src=https://evil.example').length, 1);
  });
});

describe('a link to a page of the demo that names a foreign origin', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;
  let evil = '';
  const requests: string[] = [];
  const evilServer = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    if (request.url === '/script.js') response.setHeader('Content-Type', 'text/javascript');
    response.end('globalThis.hasRun = true;');
  });

  before(async () => {
    await listen(evilServer, 0, '127.0.0.1');
    evil = originOf(evilServer);
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await server.close();
    await stopServer(evilServer);
  });

  async function open(path: string, parameters: Record<string, string>): Promise<Page> {
    requests.length = 0;
    const page = await browser.newPage();
    await page.goto(`${server.origin}${path}?${new URLSearchParams(parameters).toString()}`);
    await page.locator('dialog[open]').waitFor();
    return page;
  }

  const links: [path: string, parameters: () => Record<string, string>, tag: string][] = [
    [
      '/player/',
      () => ({
        src: `${evil}/live/demo.m3u8`,
        'token-origins': evil,
        poster: `${evil}/poster.png`,
        'playlist-signer': `${evil}/sign`,
      }),
      'secure-player',
    ],
    ['/player/', () => ({ engine: 'nanoplayer', 'nanoplayer-src': `${evil}/script.js` }), 'secure-player'],
    [
      '/lab/',
      () => ({ src: `${evil}/live/demo.m3u8`, 'webcaster.endpoint': `${evil}/whip` }),
      'secure-player',
    ],
    ['/studio/', () => ({ endpoint: `${evil}/whip`, 'token-url': `${evil}/tokens` }), 'secure-webcaster'],
    ['/vendor-link/', () => ({ 'h5live.server.hls': `${evil}/live/demo.m3u8` }), 'secure-player'],
  ];

  for (const [path, parameters, tag] of links) {
    it(`asks on ${path} for ${Object.keys(parameters()).join(', ')}, and uses nothing of it after no`, async () => {
      const page = await open(path, parameters());
      const question = await page.locator('dialog').innerText();
      assert.ok(question.includes(evil), question);
      for (const name of Object.keys(parameters()).filter((each) => each !== 'engine'))
        assert.ok(question.includes(name), question);
      // The focus is on the answer that changes nothing.
      await page.keyboard.press('Enter');
      await page.locator('dialog').waitFor({ state: 'detached' });
      if (tag === 'secure-player' && !('engine' in parameters())) {
        await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
      }
      await page.waitForFunction((name) => customElements.get(name) !== undefined, tag);
      assert.ok(!(await page.content()).includes(evil));
      assert.deepEqual(requests, []);
      await page.close();
    });
  }

  it('uses the origin after yes, and asks again after a reload', async () => {
    const page = await open('/player/', { src: `${evil}/live/demo.m3u8` });
    await page.locator('dialog button', { hasText: 'Allow these servers' }).click();
    await until(
      () => requests.some((url) => url.startsWith('/live/demo.m3u8?token=')),
      'the request with a token',
    );
    requests.length = 0;
    await page.reload();
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    assert.deepEqual(requests, []);
    await page.close();
  });

  /** Starts what needs the script, and returns the code of the error that ends it. */
  async function errorOf(page: Page): Promise<string> {
    await page.waitForFunction(() =>
      document.querySelector('secure-webcaster')?.hasAttribute('publisher-src'),
    );
    return page.evaluate(async () => {
      const error: unknown = await document
        .querySelector('secure-webcaster')
        ?.signIn()
        .catch((each: unknown) => each);
      return (error as { code: string }).code;
    });
  }

  it('runs no script over http: from another origin, even after yes', async () => {
    const page = await open('/studio/', { publisher: 'nanostream', 'publisher-src': `${evil}/script.js` });
    await page.locator('dialog strong', { hasText: 'runs a script' }).waitFor();
    await page.locator('dialog button', { hasText: 'Allow these servers' }).click();
    assert.equal(await errorOf(page), 'vendor-script-not-allowed');
    assert.equal(await page.evaluate(() => 'hasRun' in globalThis), false);
    assert.deepEqual(requests, []);
    await page.close();
  });

  for (const [path, source] of [
    ['/studio/', 'publisher=nanostream&publisher-src=/own-vendor.js'],
    [
      '/vendor-link/',
      `engine=nanoplayer&nanoplayer-src=/own-vendor.js&h5live.server.websocket=/x&h5live.rtmp.url=rtmp://x/x&h5live.rtmp.streamname=x`,
    ],
  ] as const) {
    it(`runs a script of the page’s own origin on ${path} without a question`, async () => {
      const page = await browser.newPage();
      // Not by a glob, which would match the query of the page's address.
      await page.route(
        ({ pathname }) => pathname === '/own-vendor.js',
        (route) => route.fulfill({ contentType: 'text/javascript', body: 'globalThis.hasRun = true;' }),
      );
      await page.goto(`${server.origin}${path}?${source}`);
      // The script does not define the vendor's class.
      if (path === '/studio/') assert.equal(await errorOf(page), 'vendor-script-failed');
      await page.waitForFunction(() => 'hasRun' in globalThis);
      await page.close();
    });
  }
});
