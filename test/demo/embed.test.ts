import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Frame, Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import type * as Embed from '@gatecast/player/embed';
import { fillConfig } from '../../demo/server/embed-routes.js';
import { serveProject, type ServedProject } from '../packages/support/serve-project.js';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
} from '@gatecast/server';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** Renewed while the test runs. */
const tokenTtlSeconds = 4;

const { key } = await generateSigningKey();
const handler = createTokenHandler({
  issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
  authorize: () => ({ user: 'viewer', streams: ['demo-low'] }),
  concurrentStreams: {
    store: memoryUsageStore(),
    maxConcurrent: 1,
    sessionCookie: { partitioned: true },
  },
});

/** What a page around the frame keeps for the test. */
interface HostWindow extends Window {
  port1?: MessagePort;
  seen?: string[];
  refused?: boolean;
}

describe('the embed page in a frame of another site', { skip: missingBrowser }, () => {
  let site: ServedProject;
  let browser: Browser;
  /** The same server by its other name: another origin, and another site. */
  let host: string;
  let config: Embed.EmbedConfig;
  const sentCookies: string[] = [];

  before(async () => {
    const { folder } = await buildGatecast();
    site = await serveProject(folder, {
      tokenTtlSeconds,
      routes: (request) => (new URL(request.url).pathname === '/own/tokens' ? answerOwn(request) : null),
      alter: (path, bytes) =>
        path.endsWith('gatecast-embed.html') ? Buffer.from(fillConfig(String(bytes), config)) : bytes,
    });
    host = site.origin.replace('127.0.0.1', 'localhost');
    config = { allowedParents: [host], allowedSources: ['/live/'] };
    // As in browsers that block third-party cookies.
    browser = await openBrowser(['--test-third-party-cookie-phaseout']);
  });

  /** A token endpoint for one browser at a time, which it knows by a partitioned cookie. Sets another one, too. */
  async function answerOwn(request: Request): Promise<Response> {
    sentCookies.push((request.headers.get('Cookie') ?? '').replace(/=[^;]*/g, ''));
    const response = await handler(request);
    response.headers.append('Set-Cookie', 'unpartitioned=1; Path=/; SameSite=None; Secure');
    return response;
  }

  after(async () => {
    await browser.close();
    await site.close();
  });

  /** Opens any document of an origin, and puts the embed page into it. */
  async function openHost(origin: string, query: string, sandbox?: string): Promise<[Page, Frame]> {
    const page = await browser.newPage();
    await page.goto(`${origin}/start.json`);
    await page.evaluate(
      ([src = '', flags]) => {
        window.addEventListener('message', () => document.body.setAttribute('data-posted', ''));
        const iframe = document.createElement('iframe');
        iframe.allow = 'autoplay';
        if (flags !== undefined) iframe.setAttribute('sandbox', flags);
        iframe.src = src;
        document.body.append(iframe);
        return new Promise<void>((resolve) => iframe.addEventListener('load', () => resolve()));
      },
      [`${site.origin}/gatecast-embed.html${query}`, sandbox],
    );
    const [, frame] = page.frames();
    assert.ok(frame);
    return [page, frame];
  }

  /** As the guide has it, for pages without the helper. */
  const connect = (page: Page): Promise<void> =>
    page.evaluate((target) => {
      const frame = document.querySelector('iframe')?.contentWindow;
      const { port1, port2 } = new MessageChannel();
      const seen: string[] = [];
      const self: HostWindow = Object.assign(window, { port1, seen });
      port1.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => {
        seen.push(JSON.stringify(data));
        const { type, id, purpose, streams, reason } = data;
        if (type !== 'token-request') return;
        const question = {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ purpose, streams, reason }),
        };
        void fetch('/api/tokens', question).then(async (response) => {
          const { status, headers } = response;
          const contentType = headers.get('Content-Type');
          const retryAfter = headers.get('Retry-After');
          const body = await response.text();
          const problem = {
            status: 403,
            contentType: 'application/problem+json',
            body: '{"code":"revoked"}',
          };
          port1.postMessage({
            type: 'token-response',
            id,
            status,
            body,
            contentType,
            retryAfter,
            ...(self.refused && problem),
          });
        });
      };
      frame?.postMessage({ gatecast: 'embed', type: 'connect', version: 1 }, target, [port2]);
    }, site.origin);

  const command = (page: Page, ...commands: object[]): Promise<void> =>
    page.evaluate((all) => {
      const { port1 } = window as HostWindow;
      for (const [id, each] of all.entries()) port1?.postMessage({ type: 'command', id, command: each });
    }, commands);

  const seen = (page: Page, text: string, count = 1) =>
    page.waitForFunction(
      ([part, least]) => {
        const all = (window as HostWindow).seen ?? [];
        return all.filter((each) => each.includes(String(part))).length >= Number(least);
      },
      [text, count],
    );

  const isClosed = (frame: Frame) =>
    frame.waitForFunction(() => document.getElementById('gatecast-embed-notice')?.hidden === false);

  /** How often clients have asked for tokens and media. */
  async function requests(): Promise<number> {
    const response = await fetch(`${site.origin}/api/qa/log`);
    const { entries } = (await response.json()) as { entries: { path: string }[] };
    return entries.filter(({ path }) => /^\/(?:api\/tokens|live)/.test(path)).length;
  }

  it('asks for no token and loads nothing where it may not', async () => {
    const evil = host.replace('localhost', 'evil.localhost');
    for (const [origin, query, sandbox] of [
      [evil, '?src=/live/demo-low.m3u8', undefined],
      [host, '?src=https://evil.example/live/demo-low.m3u8', undefined],
      [host, '?src=/live/demo-low.m3u8', 'allow-scripts'],
    ] as const) {
      const [page, frame] = await openHost(origin, query, sandbox);
      await connect(page);
      if (!sandbox) await isClosed(frame);
      else {
        // Without an origin, its scripts do not load. They would have run before this event.
        await frame.waitForLoadState();
        assert.equal(await frame.evaluate(() => customElements.get('secure-player') === undefined), true);
      }
      if (origin === evil) assert.deepEqual(await page.evaluate(() => (window as HostWindow).seen), []);
      await page.close();
    }
    assert.equal(await requests(), 0);
  });

  it('plays with tokens of the page around it, renews them, and says when they are revoked', async () => {
    const [page, frame] = await openHost(host, '?src=/live/demo-low.m3u8');
    assert.equal(await requests(), 0);
    await connect(page);
    await command(page, { name: 'set-muted', muted: true }, { name: 'play' });
    // The first token and a renewal, while it plays.
    await seen(page, '"token-refreshed"', 2);
    const { time, html } = await frame.evaluate(() => ({
      time: document.querySelector('secure-player')?.currentTime ?? 0,
      html: `${location.href} ${document.documentElement.outerHTML}`,
    }));
    assert.ok(time > 0);
    const log = await page.evaluate(() => (window as HostWindow).seen?.join('\n') ?? '');
    for (const text of [html, log]) assert.doesNotMatch(text, /eyJ/, 'a token');
    assert.match(log, /"id":1,"problem":null/);
    await page.evaluate(() => {
      (window as HostWindow).refused = true;
    });
    await command(page, { name: 'refresh-token' });
    await seen(page, '"type":"error","problem":{"code":"revoked"');
    await frame.waitForFunction(() => {
      const root = document.querySelector('secure-player')?.shadowRoot;
      return root?.querySelector('[part="error"] p')?.textContent !== undefined;
    });
    const isPosted = await page.evaluate(() => document.body.hasAttribute('data-posted'));
    assert.equal(isPosted, false, 'the frame sends all messages to the port');
    await page.close();
  });

  it('plays with tokens of the helper in the page around it', async () => {
    const [page, frame] = await openHost(host, '?src=/live/demo-low.m3u8');
    const state = await page.evaluate(async (origin) => {
      const path = '/gatecast-embed-host.js';
      const { connectEmbed } = (await import(path)) as Pick<typeof Embed, 'connectEmbed'>;
      const iframe = document.querySelector('iframe');
      if (!iframe) throw new Error('There is no frame.');
      const embed = connectEmbed(iframe, {
        origin,
        // A method: the loader of this test gives names to other functions, by a helper that the page has not.
        tokenSource(request) {
          const headers = { 'Content-Type': 'application/json' };
          return fetch('/api/tokens', { method: 'POST', headers, body: JSON.stringify(request) });
        },
      });
      await new Promise((resolve) => embed.addEventListener('embed-connected', resolve));
      await embed.setMuted(true);
      await embed.play();
      return embed.state;
    }, site.origin);
    assert.equal(state?.paused, false);
    await frame.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    await page.close();
  });

  it('asks a token endpoint of its own with partitioned cookies', async () => {
    config = { ...config, tokenUrl: '/own/tokens' };
    const [page] = await openHost(host, '?src=/live/demo-low.m3u8');
    await connect(page);
    await seen(page, '"type":"state"');
    await command(page, { name: 'refresh-token' });
    await seen(page, '"type":"result","id":0');
    // The streams of the demo refuse tokens of this endpoint, so the player may have asked more often.
    const [first, ...others] = sentCookies;
    assert.equal(first, '');
    assert.deepEqual([...new Set(others)], ['__Host-gatecast_session']);
    const log = await page.evaluate(() => (window as HostWindow).seen?.join('\n') ?? '');
    assert.doesNotMatch(log, /"token-request"|concurrent-limit/);
    await page.close();
  });
});
