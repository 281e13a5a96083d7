import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createBackend } from '../../demo/backend/backend.js';
import { startDemoServer } from '../../demo/server/demo-server.js';
import { startNanoSocketServer } from '../doubles/nanoplayer/socket-server.js';
import { createExampleOrigin } from './support/example-origin.js';
import { namedCodeBlocks } from './support/code-blocks.js';
import { type QuickStart, runQuickStart } from './support/quick-start-program.js';
import { rerouteHosts, rerouteSockets } from './support/reroute.js';
import { bundleClassicScript } from '../support/bundle-classic-script.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

type Cleanup = () => void | Promise<void>;

describe('the quick starts, run unchanged', { skip: missingBrowser }, () => {
  const cleanups: Cleanup[] = [];
  let browser: Browser;
  let vendorOrigin: string;
  let vendorKey: Record<string, string>;
  let signingKey: Record<string, string>;

  before(async () => {
    const vendor = await (await createBackend({ vendorApiKey: 'key-of-the-test' })).listen();
    cleanups.push(vendor.close);
    vendorOrigin = vendor.origin;
    vendorKey = { BINTU_API_KEY: 'key-of-the-test' };
    signingKey = { SIGNING_KEY: (await generateSigningKey()).pem, SIGNING_KEY_ID: 'ABC123' };
    browser = await openBrowser();
    cleanups.push(() => browser.close());
  });

  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  /** Runs the program of a page and opens the page that it serves. */
  async function open(
    start: QuickStart,
    prepare: (context: BrowserContext, address: string) => Promise<Cleanup | undefined>,
    use: (page: Page, address: string) => Promise<void>,
  ): Promise<void> {
    const { address, close } = await runQuickStart(start, vendorOrigin);
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    let cleanup: Cleanup | undefined;
    try {
      cleanup = await prepare(context, address);
      const page = await context.newPage();
      await page.goto(address);
      await use(page, address);
    } finally {
      await context.close();
      await cleanup?.();
      await close();
    }
  }

  async function withOrigin(context: BrowserContext, address: string): Promise<Cleanup> {
    const origin = createExampleOrigin(`${address}.well-known/jwks.json`, new Map([['demo', 'PLAYBACK-ID']]));
    await rerouteHosts(context, ['media.example.com', 'ingest.example.com'], origin.fetch);
    return origin.close;
  }

  it('HLS with signing keys plays', () =>
    open(
      { page: 'quick-start/hls.md', backend: 'server.js', environment: signingKey },
      withOrigin,
      expectPlayback,
    ));

  it('HLS with signing keys plays the stream of the demo, which trusts its keys', async () => {
    const page = readFileSync(new URL('../../demo/docs/quick-start/hls.md', import.meta.url), 'utf8');
    const blocks = namedCodeBlocks('quick-start/hls.md');
    // What the page tells to change.
    const changes: readonly (readonly [string, string, string])[] = [
      [
        'public/index.html',
        'src="https://media.example.com/live/demo.m3u8"',
        'src="http://localhost:5173/live/demo.m3u8"',
      ],
      ['public/index.html', 'stream="PLAYBACK-ID"', 'stream="demo"'],
      ['server.js', "stream === 'PLAYBACK-ID'", "stream === 'demo'"],
    ];
    const files: Record<string, string> = {};
    for (const [file, from, to] of changes) {
      assert.ok(page.includes(to), `the page does not have ${to}`);
      const text = files[file] ?? blocks.get(file) ?? '';
      assert.ok(text.includes(from), `${file} does not have ${from}`);
      files[file] = text.replace(from, to);
    }
    await open(
      { page: 'quick-start/hls.md', backend: 'server.js', environment: signingKey, files },
      async (context, address) => {
        const streamJwks = `${address}.well-known/jwks.json`;
        const demo = await startDemoServer({ port: 0, tokenTtlSeconds: 30, streamJwks });
        assert.deepEqual(demo.warnings, []);
        // The demo of the reader has the usual port.
        await context.route('http://localhost:5173/**', (route) =>
          route.continue({ url: route.request().url().replace('http://localhost:5173', demo.origin) }),
        );
        return () => demo.close();
      },
      expectPlayback,
    );
  });

  async function withSockets(context: BrowserContext): Promise<Cleanup> {
    const sockets = await startNanoSocketServer(vendorOrigin);
    await rerouteHosts(context, [], () => new Response());
    await rerouteSockets(context, 'bintu-h5live-secure.nanocosmos.de', sockets.origin);
    return sockets.close;
  }

  async function nanoPlayerFile(): Promise<Record<string, string>> {
    return { 'public/nanoplayer.5.min.js': await bundleClassicScript('doubles/nanoplayer/nanoplayer-5.ts') };
  }

  for (const kind of ['sts', 'jwt']) {
    it(`H5Live with ${kind.toUpperCase()} plays`, async () => {
      await open(
        {
          page: 'quick-start/h5live.md',
          backend: `server-${kind}.js`,
          environment: vendorKey,
          files: await nanoPlayerFile(),
        },
        withSockets,
        expectPlayback,
      );
    });

    it(`the vendor’s page, migrated, plays with ${kind.toUpperCase()} and takes updates in both notations`, async () => {
      await open(
        {
          page: 'quick-start/h5live.md',
          backend: `server-${kind}.js`,
          environment: vendorKey,
          files: await nanoPlayerFile(),
        },
        withSockets,
        async (page, address) => {
          await page.goto(`${address}migrated.html`);
          await expectPlayback(page);
          for (const notation of ['new', 'old'] as const)
            assert.deepEqual(await updateSecurity(page, notation), { status: 'updated', isPlaying: true });
        },
      );
    });
  }

  for (const build of ['5.16', '5.1.2', '4.8']) {
    it(`Webcaster with JWT goes live with the vendor’s ${build}`, async () => {
      const double = await bundleClassicScript('doubles/rtc-user-double.ts');
      const files = { 'public/webcaster.js': `${double}\nvendor.installRtcUser('${build}');` };
      await open(
        { page: 'quick-start/webcaster.md', backend: 'server.js', environment: vendorKey, files },
        async (context) => {
          await rerouteHosts(context, [], () => new Response());
          return undefined;
        },
        async (page, address) => {
          for (const path of ['', 'migrated.html']) {
            await page.goto(address + path);
            await expectBroadcast(page);
            const server = await page.evaluate('nanowebrtc.user.last.server');
            assert.equal(server, 'wss://bintu-webrtc.nanocosmos.de/p/webrtcws');
          }
        },
      );
    });
  }

  it('WHIP goes live, and its second page plays the broadcast', () =>
    open(
      { page: 'quick-start/whip.md', backend: 'server.js', environment: signingKey },
      withOrigin,
      async (page, address) => {
        await expectBroadcast(page);
        const viewer = await page.context().newPage();
        await viewer.goto(`${address}watch.html`);
        await expectPlayback(viewer);
      },
    ));
});

/** Waits until the picture moves; otherwise fails with the element's diagnostics. */
async function expectPlayback(page: Page): Promise<void> {
  const moved = await page
    .waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0.5)
    .then(() => true)
    .catch(() => false);
  const report = moved
    ? ''
    : await page.evaluate(() => JSON.stringify(document.querySelector('secure-player')?.diagnostics()));
  assert.ok(moved, `no moving picture: ${report}`);
}

/** Updates the security of the page's source as the vendor's document "Update secure tokens during playback" does. */
async function updateSecurity(page: Page, notation: 'new' | 'old') {
  return page.evaluate(async (how) => {
    const player = document.querySelector('secure-player');
    const h5live = player?.source?.entries?.[0]?.h5live;
    if (!player || !h5live) throw new Error('The page has no entry.');
    // The times in a JWT are whole seconds: two tokens of the same second are the same text.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const response = await fetch('/api/tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ purpose: 'playback', streams: [h5live.rtmp?.streamname], reason: 'manual' }),
    });
    const { tokens } = (await response.json()) as { tokens: [{ security: Record<string, string> }] };
    const updated = { ...h5live, security: tokens[0].security };
    const { status } = await player.updateSource(
      how === 'new' ? { entries: [{ h5live: updated }] } : { h5live: updated },
    );
    const fromSeconds = player.currentTime;
    const isPlaying = await new Promise<boolean>((resolve) => {
      player.addEventListener('timeupdate', () => player.currentTime > fromSeconds && resolve(true));
    });
    return { status, isPlaying };
  }, notation);
}

async function expectBroadcast(page: Page): Promise<void> {
  const state = await page.evaluate(async () => {
    await customElements.whenDefined('secure-webcaster');
    const webcaster = document.querySelector('secure-webcaster');
    await webcaster?.startBroadcast();
    return webcaster?.state;
  });
  assert.equal(state, 'live');
}
