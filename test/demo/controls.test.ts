import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { missingBrowser, openBrowser, waitForPicture } from '../support/open-browser.js';

const skinChunk = '**/gatecast-player-skin-*.js';
const lateChunk = '**/gatecast-overlay-*.js';

/** The current controls of the page's player, and the events about replaced controls. */
const readControls = (page: Page): Promise<{ native: boolean; skin: boolean; told: string[] }> =>
  page.evaluate(() => {
    const player = document.querySelector('secure-player');
    return {
      native: player?.shadowRoot?.querySelector('video')?.controls ?? false,
      skin: player?.shadowRoot?.querySelector('media-controller') != null,
      told: (globalThis as { told?: string[] }).told ?? [],
    };
  });

const waitForSkin = (page: Page): Promise<void> =>
  page.locator('secure-player media-controller').waitFor({ state: 'attached' });

const waitForNative = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () => document.querySelector('secure-player')?.shadowRoot?.querySelector('video')?.controls === true,
  );
};

interface PageOptions {
  readonly policy?: string;
  /** Additional HTML for the page's head. */
  readonly script?: string;
  /** Handlers that answer requests instead of the server, by URL pattern. */
  readonly routes?: Readonly<Record<string, (route: Route) => Promise<void>>>;
}

describe('the controls of a player in Chromium', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 10 });
    await server.buildScriptTag();
    browser = await openBrowser();
  });

  afterEach(() => page.close());

  after(async () => {
    await browser.close();
    await server.close();
  });

  /** Creates a page that records the events about replaced controls. */
  async function createPage(): Promise<Page> {
    const created = await browser.newPage();
    await created.addInitScript(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      document.addEventListener('secure-controls-replaced', (event) =>
        told.push('reason' in event ? String(event.reason) : ''),
      );
    });
    return created;
  }

  /** Opens a page with one player, with the policy if one is given, and waits for its picture. */
  async function openPage(attributes: string, options: PageOptions = {}): Promise<void> {
    const { policy, script = '', routes = {} } = options;
    page = await createPage();
    for (const [pattern, answer] of Object.entries(routes)) await page.route(pattern, answer);
    await page.route('**/page-of-a-test', (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: policy ? { 'Content-Security-Policy': policy } : {},
        body: `<!doctype html><html lang="en"><title>Test</title>
          <script type="module" src="/gatecast.js"></script>${script}
          <secure-player src="/live/demo.m3u8" token-url="/api/tokens" muted autoplay ${attributes}></secure-player>`,
      }),
    );
    await page.goto(`${server.origin}/page-of-a-test`);
    await waitForPicture(page);
  }

  it('are the browser’s own where trusted types are required, reported once, without loading the skin', async () => {
    const requested: string[] = [];
    page = await createPage();
    page.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await page.goto(`${server.origin}/csp/`);
    await waitForPicture(page);
    await page.waitForFunction(() => {
      const player = document.querySelector('secure-player');
      // Set again each time: the development server may load the page once more when it has prepared dependencies.
      player?.setAttribute('controls', '');
      const { told } = globalThis as { told?: string[] };
      return told?.length === 1 && player?.shadowRoot?.querySelector('video')?.controls;
    });
    const { native, skin, told } = await readControls(page);
    assert.deepEqual({ native, skin }, { native: true, skin: false });
    assert.match(told[0] ?? '', /require-trusted-types-for/);
    assert.ok(!requested.some((path) => path.includes('player-skin')));
    const diagnostics = await page.evaluate(() =>
      JSON.stringify(document.querySelector('secure-player')?.diagnostics()),
    );
    assert.match(diagnostics, /secure-controls-replaced/);
  });

  it('are the browser’s own where the policy forbids inline styles', async () => {
    await openPage('controls', { policy: "default-src 'self'; media-src 'self' blob:" });
    await waitForNative(page);
    const { skin, told } = await readControls(page);
    assert.equal(skin, false);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /style-src/);
    // By now, the code of the controls is loaded, and answers in the same update.
    const set = (controls: string | null) =>
      page.evaluate(async (value) => {
        const player = document.querySelector('secure-player');
        if (value === null) player?.removeAttribute('controls');
        else player?.setAttribute('controls', value);
        await player?.updateComplete;
      }, controls);
    await set(null);
    assert.equal((await readControls(page)).native, false, 'removed');
    await set('');
    assert.equal((await readControls(page)).native, true, 'set again');
    await set('native');
    assert.equal((await readControls(page)).native, true, 'the browser’s own, chosen');
    await set('');
    assert.equal((await readControls(page)).native, true, 'back to the skin');
  });

  it('are the browser’s own until the skin’s code is loaded', async () => {
    let isRefused = true;
    await openPage('controls', {
      routes: {
        [skinChunk]: (route) =>
          isRefused ? route.fulfill({ status: 404, body: 'Not found' }) : route.continue(),
      },
    });
    await waitForNative(page);
    const toggle = (): Promise<void> =>
      page.evaluate(async () => {
        const player = document.querySelector('secure-player');
        player?.pause();
        await player?.play();
      });
    const secondRefusal = page.waitForResponse(skinChunk);
    await toggle();
    await secondRefusal;
    const refused = await readControls(page);
    assert.deepEqual([refused.native, refused.skin], [true, false]);
    assert.equal(refused.told.length, 1, 'told once');
    assert.match(refused.told[0] ?? '', /could not be loaded/);
    isRefused = false;
    await toggle();
    await waitForSkin(page);
    assert.equal((await readControls(page)).native, false);
  });

  it('are the browser’s own until all code that loads after the first frame is there', async () => {
    let isRefused = true;
    await openPage('controls', {
      routes: { [lateChunk]: (route) => (isRefused ? route.abort() : route.continue()) },
    });
    await waitForNative(page);
    const setAgain = await page.evaluate(async () => {
      const player = document.querySelector('secure-player');
      player?.removeAttribute('controls');
      await player?.updateComplete;
      player?.setAttribute('controls', '');
      await player?.updateComplete;
      return player?.shadowRoot?.querySelector('video')?.controls;
    });
    assert.equal(setAgain, true, 'set again');
    isRefused = false;
    await page.evaluate(() => {
      const player = document.querySelector('secure-player');
      if (player) player.currentTime -= 3;
    });
    await waitForSkin(page);
    assert.equal((await readControls(page)).native, false);
  });

  it('show the whole player in fullscreen, react to real keys, and offer what browser and stream support', async () => {
    await openPage('controls');
    await waitForSkin(page);
    // The document changes before its event updates the button. A click in between would do the opposite.
    const waitForState = (
      documentName: 'fullscreenElement' | 'pictureInPictureElement',
      buttonInState: string,
      expected: boolean,
    ) =>
      page.waitForFunction(
        ([name, button, isExpected]) =>
          (document[name]?.localName === 'secure-player') === isExpected &&
          (document.querySelector('secure-player')?.shadowRoot?.querySelector(button) !== null) ===
            isExpected,
        [documentName, buttonInState, expected] as const,
      );
    const waitForFullscreen = (expected: boolean) =>
      waitForState('fullscreenElement', 'media-fullscreen-button[mediaisfullscreen]', expected);
    const waitForPip = (expected: boolean) =>
      waitForState('pictureInPictureElement', 'media-pip-button[mediaispip]', expected);
    await page.locator('secure-player').click({ position: { x: 200, y: 60 } });
    await page.keyboard.press('f');
    await waitForFullscreen(true);
    await page.keyboard.press('f');
    await waitForFullscreen(false);
    const button = page.locator('secure-player media-fullscreen-button');
    await button.focus();
    await page.keyboard.press('Enter');
    await waitForFullscreen(true);
    await button.click();
    await waitForFullscreen(false);

    const isShown = (name: string): Promise<boolean> =>
      page.locator(`secure-player media-${name}-button`).isVisible();
    await page.locator('secure-player').hover();
    assert.equal(await isShown('pip'), await page.evaluate(() => document.pictureInPictureEnabled));
    assert.equal(await isShown('airplay'), false);
    assert.equal(await isShown('cast'), false, 'no token goes to another screen');
    if (await isShown('pip')) {
      await page.locator('secure-player media-pip-button').click();
      await waitForPip(true);
      await page.locator('secure-player media-pip-button').click();
      await waitForPip(false);
    }
  });

  it('use texts that a page without a bundler sets', async () => {
    await openPage('controls lang="nl"', {
      script: `<script type="module">
        import { setPlayerMessages, setWebcasterMessages } from '/gatecast.js';
        await setPlayerMessages('nl', { enterFullscreen: 'Volledig scherm' });
        await setWebcasterMessages('nl', { startCamera: 'Camera aan' });
        globalThis.isTold = true;
      </script>`,
    });
    await waitForSkin(page);
    await page.waitForFunction(() => 'isTold' in globalThis);
    await page.getByRole('button', { name: 'Volledig scherm' }).waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const webcaster = document.createElement('secure-webcaster');
      webcaster.controls = true;
      webcaster.lang = 'nl';
      document.body.append(webcaster);
    });
    await page.getByRole('button', { name: 'Camera aan' }).waitFor();
  });
});
