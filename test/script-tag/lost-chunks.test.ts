import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type {} from '@gatecast/player';
import type { Browser, Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { createBackend, type Backend } from '../../demo/backend/backend.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../demo/backend/http/http-listener.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import { pause, until } from '../support/wait.js';

const player =
  '<secure-player src="/live/demo.m3u8" token-url="/api/tokens" muted autoplay controls></secure-player>';
const page = (body: string): string =>
  `<!doctype html><html lang="de"><title>Lost chunks</title><script>
  globalThis.rejections = [];
  globalThis.errors = [];
  addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason)));
  addEventListener('secure-error', ({ error }) => errors.push(JSON.stringify(error)), true);
  </script><script type="module" src="/gatecast.js"></script>${body}</html>`;

interface PageState {
  readonly rejections: string[];
  readonly errors: string[];
}

function pageState(opened: Page, name: keyof PageState): Promise<string[]> {
  return opened.evaluate((member) => (globalThis as Partial<PageState>)[member] ?? [], name);
}

/** Returns whether the server fails a request for a chunk. */
type IsLost = (chunk: string, request: number) => boolean;

describe('gatecast.js with lost chunks', { skip: missingBrowser }, () => {
  let browser: Browser;
  let backend: Backend;
  let server: Server;
  let body = '';
  let isLost: IsLost = () => false;
  const requests = new Map<string, number>();

  before(async () => {
    const { folder } = await buildGatecast();
    backend = await createBackend();
    const answerBackend = toNodeHandler(backend.fetch);
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const [, chunk] = /^\/gatecast-([a-z0-9.-]+?)(?:-[\w-]{8})?\.js$/.exec(pathname) ?? [];
      if (chunk !== undefined) requests.set(chunk, (requests.get(chunk) ?? 0) + 1);
      if (backend.handles(pathname)) answerBackend(request, response);
      else if (pathname === '/') response.setHeader('Content-Type', 'text/html').end(page(body));
      else if (chunk !== undefined && isLost(chunk, requests.get(chunk) ?? 0)) response.writeHead(503).end();
      else
        readFile(join(folder, pathname)).then(
          (bytes) => response.setHeader('Content-Type', 'text/javascript').end(bytes),
          () => response.writeHead(404).end(),
        );
    });
    await listen(server, 0, '127.0.0.1');
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    backend.close();
    await stopServer(server);
  });

  async function open(content: string, lost: IsLost) {
    body = content;
    isLost = lost;
    requests.clear();
    const { page: opened, troubles } = await watchPage(browser, `${originOf(server)}/`);
    return { opened, troubles };
  }

  it('has every part in the end, if each chunk fails once', async () => {
    const { opened, troubles } = await open(
      `${player}<secure-webcaster controls endpoint="/whip/demo" token-url="/api/tokens"></secure-webcaster>`,
      (_, request) => request === 1,
    );
    await waitForPicture(opened);
    // The player hides its controls while it plays.
    await opened.waitForSelector('secure-player media-play-button', { state: 'attached' });
    // German is a part of its own.
    await opened.waitForSelector('secure-webcaster [aria-label="Steuerung der Übertragung"]', {
      state: 'attached',
    });
    const result = await opened.evaluate(async () =>
      document.querySelector('secure-player')?.updateSource({ hls: '/live/demo-low.m3u8' }),
    );
    assert.equal(result?.status, 'updated');
    const expected = ['rest', 'hls-engine', 'hls.light', 'overlay', 'player-skin', 'watch-playback'];
    for (const part of [...expected, 'follow-encoder', 'messages-de'])
      await until(() => (requests.get(part) ?? 0) > 1, `${part} in ${JSON.stringify([...requests])}`);
    assert.deepEqual(await pageState(opened, 'rejections'), []);
    const warned = troubles.filter((text) => text.startsWith('Gatecast tries again')).sort();
    assert.ok(
      warned.some((text) => text.includes('HlsEngine')),
      warned.join('\n'),
    );
    assert.equal(new Set(warned).size, warned.length, 'one warning for each part');
    await opened.close();
  });

  it('says which part cannot load, and plays when it can', async () => {
    let isDown = true;
    const { opened, troubles } = await open(player, (chunk) => chunk === 'hls-engine' && isDown);
    await until(async () => {
      // Otherwise the test would take as long as the waits between the attempts.
      await pause(500);
      await opened.evaluate(() => dispatchEvent(new Event('online')));
      return (await pageState(opened, 'errors')).length > 0;
    }, 'the error');
    const [error] = await pageState(opened, 'errors');
    assert.match(String(error), /"engine-load-failed".*HlsEngine.*"retryable":true/);
    assert.ok(troubles.some((text) => text.includes('HlsEngine')));
    const log = await opened.evaluate(() =>
      JSON.stringify(document.querySelector('secure-player')?.diagnostics()),
    );
    assert.match(log, /"part":"HlsEngine","attempt":\d+/);
    assert.deepEqual(await pageState(opened, 'rejections'), []);
    isDown = false;
    await opened.evaluate(() => dispatchEvent(new Event('online')));
    await waitForPicture(opened);
    await opened.close();
  });
});
