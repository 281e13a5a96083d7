import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createBackend } from '../../demo/backend/backend.js';
import { startNanoSocketServer } from '../doubles/nanoplayer/socket-server.js';
import { createExampleOrigin } from './support/example-origin.js';
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

  for (const kind of ['sts', 'jwt']) {
    it(`H5Live with ${kind.toUpperCase()} plays`, async () => {
      const files = {
        'public/nanoplayer.5.min.js': await bundleClassicScript('doubles/nanoplayer/nanoplayer-5.ts'),
      };
      await open(
        { page: 'quick-start/h5live.md', backend: `server-${kind}.js`, environment: vendorKey, files },
        async (context) => {
          const sockets = await startNanoSocketServer(vendorOrigin);
          await rerouteHosts(context, [], () => new Response());
          await rerouteSockets(context, 'bintu-h5live-secure.nanocosmos.de', sockets.origin);
          return sockets.close;
        },
        expectPlayback,
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
        async (page) => {
          await expectBroadcast(page);
          const server = await page.evaluate('nanowebrtc.user.last.server');
          assert.equal(server, 'wss://bintu-webrtc.nanocosmos.de/p/webrtcws');
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

async function expectBroadcast(page: Page): Promise<void> {
  const state = await page.evaluate(async () => {
    await customElements.whenDefined('secure-webcaster');
    const webcaster = document.querySelector('secure-webcaster');
    await webcaster?.startBroadcast();
    return webcaster?.state;
  });
  assert.equal(state, 'live');
}
