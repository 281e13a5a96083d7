import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { type DemoPage, demoPages } from '../support/demo-pages.js';
import { findBarriers } from '../support/find-barriers.js';
import { goLive } from '../support/go-live.js';
import { listFocusFaults } from '../support/list-focus-faults.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';

/** The strict page is not in the navigation. */
const pages: readonly DemoPage[] = [...demoPages, { path: '/csp/', plays: true }];
const wideLook: Look = { width: 1280, colorScheme: 'light' };
const looks: readonly Look[] = [wideLook, { width: 390, colorScheme: 'dark' }];
/** Of the smallest phones in use, in pixels. */
const narrowest = 360;
/** Of a header with one line, in pixels. */
const mostHeader = 64;
/** Stricter than 0.1, the limit for a good cumulative layout shift (web.dev/articles/cls). */
const mostShift = 0.05;

interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

interface Visit {
  readonly page: Page;
  readonly troubles: string[];
}

/** Opens a page and collects its errors and warnings. */
async function visit(browser: Browser, address: string, look: Look): Promise<Visit> {
  const { width, colorScheme } = look;
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      const shifts = list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[];
      const sum = shifts.reduce(
        (total, { value, hadRecentInput }) => total + (hadRecentInput ? 0 : value),
        0,
      );
      const { dataset } = document.documentElement;
      dataset['shift'] = String(Number(dataset['shift'] ?? 0) + sum);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(address);
  return { page, troubles };
}

describe('the demo’s pages', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 60 });
    await server.buildScriptTag();
    browser = await openBrowser();
    // Vite bundles dependencies on the first visit and then reloads the page.
    for (const { path } of pages) {
      const { page } = await visit(browser, `${server.origin}${path}`, wideLook);
      // A page that plays never becomes idle.
      await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => undefined);
      await page.close();
    }
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  for (const { path, plays } of pages) {
    for (const look of looks) {
      const { width, colorScheme } = look;
      it(`${path} at ${width} px in ${colorScheme} colours: no console message, no layout shift, accessible`, async () => {
        const { page, troubles } = await visit(browser, `${server.origin}${path}`, look);
        if (plays) await expectPlayback(page);
        else await page.waitForTimeout(2_000);
        const shift = await page.evaluate(() => Number(document.documentElement.dataset['shift'] ?? 0));
        const sticksOut = await page.evaluate(measureOverflow);
        assert.deepEqual(troubles, []);
        assert.ok(shift < mostShift, `layout shift is ${shift}`);
        assert.equal(sticksOut, 0);
        assert.deepEqual(await page.evaluate(listCutSelects), []);
        assert.deepEqual(await page.evaluate(listWrappedSnippets), []);
        if (look !== wideLook)
          assert.ok((await page.evaluate(measureSpareEvents)) < 80, 'the events have an empty card');
        assert.deepEqual(await findBarriers(page), []);
        const otherScheme = colorScheme === 'light' ? 'dark' : 'light';
        // Without transitions of the colours.
        await page.emulateMedia({ colorScheme: otherScheme, reducedMotion: 'reduce' });
        assert.deepEqual(await findBarriers(page), [], `in ${otherScheme} colours`);
        assert.ok((await measureHeader(page)) <= mostHeader, 'the header has more than one line');
        if (look !== wideLook) {
          assert.deepEqual(await listFocusFaults(page, 'Tab'), [], 'with Tab');
          // A control above comes into view below what stays at the top.
          assert.deepEqual(await listFocusFaults(page, 'Shift+Tab'), [], 'with Shift and Tab');
          await page.setViewportSize({ width: narrowest, height: 740 });
          assert.ok((await measureHeader(page)) <= mostHeader, 'the header has one line on a small phone');
          assert.equal(await page.evaluate(measureOverflow), 0, 'scrolls sideways on a small phone');
          await page.evaluate(() => {
            document.documentElement.dir = 'rtl';
          });
          assert.equal(await page.evaluate(measureOverflow), 0, 'scrolls sideways from right to left');
          assert.deepEqual(await page.evaluate(listArrowsOverText), [], 'from right to left');
        }
        await page.close();
      });
    }
  }

  it('the navigation of a phone opens and closes by keyboard, and all its links fit', async () => {
    const page = await browser.newPage({ viewport: { width: narrowest, height: 740 } });
    await page.goto(`${server.origin}/vendor-link/`);
    const menu = page.getByRole('button', { name: 'Menu', exact: true });
    const links = page.getByRole('navigation', { name: 'Demo pages' }).getByRole('link');
    assert.equal(await links.count(), 0, 'the links are hidden, for screen readers too');
    await menu.focus();
    await page.keyboard.press('Enter');
    await links.first().waitFor({ state: 'visible' });
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Player');
    for (const link of await links.all()) {
      const box = await link.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= narrowest, 'a link is cut off');
      assert.ok(box.height >= 40, 'a link is too small for a finger');
    }
    assert.deepEqual(await findBarriers(page), []);
    await page.keyboard.press('Escape');
    await links.first().waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Menu');
    await page.setViewportSize({ width: 1280, height: 740 });
    assert.equal(await links.count(), 7);
    assert.equal(await menu.count(), 0, 'a wide page needs no menu');
    await page.close();
  });

  it('a button that becomes unavailable or disappears leaves the focus where a person can go on', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/lab/`);
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel);
    const run = page.getByRole('button', { name: 'Run “No fault”' });
    await run.focus();
    await page.keyboard.press('Enter');
    await page.locator('.cases .running').waitFor();
    assert.equal(await run.getAttribute('aria-disabled'), 'true');
    assert.equal(await focused(), 'Run “No fault”');
    await page.getByRole('button', { name: 'Stop the run' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.cases .running').waitFor({ state: 'detached' });
    assert.equal(await focused(), 'Stop the run');

    await page.getByRole('combobox', { name: 'Token latency' }).selectOption('100 ms');
    await page.getByRole('button', { name: 'Clear tokens.latencyMs' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.chip').waitFor({ state: 'detached' });
    assert.equal(await focused(), 'Clear all faults');
    await page.close();
  });

  it('copies the HTML for a page, and announces that', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(server.origin);
    const announced = page.locator('body > [role="status"]');
    await announced.waitFor({ state: 'attached' });
    assert.equal(await announced.textContent(), '');
    await page.getByRole('button', { name: 'Copy HTML' }).click();
    await announced.filter({ hasText: /^Copied$/ }).waitFor({ state: 'attached' });
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /<secure-player/);
    await context.close();
  });

  for (const { path } of demoPages) {
    it(`${path} shows one line while its scripts do not load`, async () => {
      const page = await browser.newPage();
      const notice = page.getByRole('alert').filter({ hasText: 'The scripts of this page did not load.' });
      const script = /\/(?:[a-z-]+-page|landing-start)\.ts/;
      await page.route(script, (route) => route.abort());
      await page.goto(`${server.origin}${path}`);
      await notice.waitFor({ state: 'visible' });
      await page.unroute(script);
      await page.reload();
      await notice.waitFor({ state: 'detached' });
      await page.close();
    });
  }

  it('shows the line, too, while gatecast.js does not load', async () => {
    const page = await browser.newPage();
    await page.route('**/gatecast.js', (route) => route.abort());
    await page.goto(`${server.origin}/player/`);
    await page.locator('#load-notice').waitFor({ state: 'visible' });
    await page.close();
  });

  for (const { path } of demoPages.filter(({ broadcasts }) => broadcasts)) {
    it(`${path} goes live and plays its own broadcast`, async () => {
      const { page, troubles } = await visit(browser, `${server.origin}${path}`, wideLook);
      await goLive(page);
      await expectPlayback(page);
      await page.evaluate(() => document.querySelector('secure-webcaster')?.stopBroadcast());
      await page.waitForFunction(() => !document.querySelector('secure-player'));
      await page.close();
      // Chromium logs 404 responses until the first playlist exists.
      assert.deepEqual(
        troubles.filter((text) => !text.includes('404')),
        [],
      );
    });
  }

  it('/webcaster/ shows less delay for WHEP than for HLS, by the clock in the test picture', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 844 } });
    await page.goto(`${server.origin}/webcaster/?picture=test`);
    await goLive(page);
    const delays = await page.waitForFunction(() => {
      const [whepMs = 0, hlsMs = 0] = ['#whep-delay', '#hls-delay']
        .map((id) => document.querySelector(id)?.textContent ?? '')
        .map((text) => parseFloat(text) * (text.endsWith(' s') ? 1_000 : 1));
      return whepMs > 0 && hlsMs > 0 ? { whepMs, hlsMs } : null;
    });
    const { whepMs, hlsMs } = (await delays.jsonValue()) ?? { whepMs: Infinity, hlsMs: 0 };
    assert.ok(whepMs < hlsMs, `${String(whepMs)} ms by WHEP, ${String(hlsMs)} ms by HLS`);
    await page.close();
  });
});

/** How far the page's content sticks out of the page, in pixels. */
function measureOverflow(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

const measureHeader = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelector<HTMLElement>('.site-header')?.offsetHeight ?? Infinity);

/** Lists how HTML to copy is wrapped: a line that breaks inside an attribute is hard to read. */
function listWrappedSnippets(): string[] {
  return [...document.querySelectorAll('#embed')]
    .map((snippet) => getComputedStyle(snippet.querySelector('code') ?? snippet).whiteSpace)
    .filter((whiteSpace) => whiteSpace !== 'pre');
}

/** The height of the list of events that has no events, in pixels. */
function measureSpareEvents(): number {
  const list = document.querySelector<HTMLElement>('.events');
  const content = list?.firstElementChild;
  return list && content instanceof HTMLElement ? list.clientHeight - content.offsetHeight : 0;
}

/** Lists the selects whose longest option is cut off, though they could be wider. */
function listCutSelects(): string[] {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new TypeError('This browser draws no canvas.');
  return [...document.querySelectorAll('select')]
    .filter((select) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(select);
      context.font = font;
      const longest = Math.max(...[...select.options].map(({ label }) => context.measureText(label).width));
      const room = select.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      const form = select.closest('form')?.clientWidth ?? Infinity;
      // Hidden in closed details, or as wide as its form.
      return select.clientWidth > 0 && longest > room && select.offsetWidth < form;
    })
    .map(({ name }) => name);
}

/** In a page from right to left, lists the selects whose arrow is at the right, where the text begins. */
function listArrowsOverText(): string[] {
  return [...document.querySelectorAll('select')]
    .filter((select) => {
      const { backgroundPositionX, paddingLeft, paddingRight } = getComputedStyle(select);
      return (
        !/^\d+(?:\.\d+)?px, \d/.test(backgroundPositionX) ||
        Number.parseFloat(paddingLeft) <= Number.parseFloat(paddingRight)
      );
    })
    .map(({ name }) => name);
}

/** Waits until the page's player has played for a second. */
async function expectPlayback(page: Page): Promise<void> {
  const readTime = (): Promise<number> =>
    page.evaluate(() => document.querySelector('secure-player')?.currentTime ?? 0);
  const playsBeyond = (seconds: number): Promise<unknown> =>
    page.waitForFunction(
      (beyond) => (document.querySelector('secure-player')?.currentTime ?? 0) > beyond,
      seconds,
    );
  await playsBeyond(0);
  await playsBeyond((await readTime()) + 1);
}
