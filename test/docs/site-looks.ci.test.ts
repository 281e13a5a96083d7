import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { listen, originOf, stopServer, toNodeHandler } from '../../demo/backend/http/http-listener.js';
import { buildDocs } from '../../demo/docs/.vitepress/build-docs.js';
import { createDocsRoutes } from '../../demo/server/docs-routes.js';
import { findBarriers } from '../support/find-barriers.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import {
  listKindsOfText,
  listShownLanguages,
  listTallBars,
  listWhatSticksOut,
} from './support/page-looks.js';

const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

/** The rules whose result depends on the colours, and those whose result depends on the width. */
const colourRules = ['color-contrast', 'link-in-text-block'];
const widthRules = ['scrollable-region-focusable', 'target-size'];

/** Pages of exports look alike: the six that are as long as all guides together are left out. */
const isRepetition = (path: string): boolean =>
  /generated\/packages\/.*\/(contract|element|node|player|server|token)\.html$/.test(path);

async function setLook(page: Page, { size, isDark }: { size: typeof wide; isDark: boolean }): Promise<void> {
  await page.setViewportSize(size);
  await page.evaluate(async (dark) => {
    document.documentElement.classList.toggle('dark', dark);
    // What observes sizes has a turn between two frames.
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  }, isDark);
}

describe('the pages of the documentation', { skip: missingBrowser }, () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let paths: readonly string[];

  before(async () => {
    const { folder } = await buildDocs();
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.html'),
    );
    server = createServer(toNodeHandler(createDocsRoutes(folder)));
    await listen(server, 0, '127.0.0.1');
    browser = await openBrowser();
    // Colours that are on their way to others would be measured.
    page = await browser.newPage({ reducedMotion: 'reduce', viewport: wide });
  });

  after(async () => {
    await browser.close();
    await stopServer(server);
  });

  async function visit(path: string): Promise<void> {
    await page.goto(`${originOf(server)}/docs/${path}`, { waitUntil: 'domcontentloaded' });
    await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
  }

  it('have no barrier, do not scroll sideways, and have bars of one line', async () => {
    const findings: string[] = [];
    const seenLanguages = new Set<string>();
    const seenKinds = new Set<string>();
    for (const path of paths.filter((path) => !isRepetition(path))) {
      await setLook(page, { size: wide, isDark: false });
      await visit(path);
      // The list of pages is the same everywhere. So are the colours of code and of each kind of text, which are checked once.
      const languages = await page.evaluate(listShownLanguages);
      const kinds = await page.evaluate(listKindsOfText);
      const hasNewCode = languages.some((language) => !seenLanguages.has(language));
      const hasNewColours = hasNewCode || kinds.some((kind) => !seenKinds.has(kind));
      const where = { exclude: hasNewCode ? ['.VPSidebar'] : ['.VPSidebar', 'pre'] };
      for (const language of languages) seenLanguages.add(language);
      for (const kind of kinds) seenKinds.add(kind);
      const light = await findBarriers(page, { where, ...(!hasNewColours && { without: colourRules }) });
      if (hasNewColours) await setLook(page, { size: wide, isDark: true });
      const dark = hasNewColours ? await findBarriers(page, { where, rules: colourRules }) : [];
      await setLook(page, { size: phone, isDark: true });
      const narrow = await findBarriers(page, { where: { exclude: ['.VPSidebar'] }, rules: widthRules });
      const shape = await page.evaluate(listWhatSticksOut);
      const bars = await page.evaluate(listTallBars);
      findings.push(...[...light, ...dark, ...narrow, ...shape, ...bars].map((found) => `${path}: ${found}`));
    }
    assert.deepEqual(findings, []);
    assert.ok(seenLanguages.size > 8, `Code in ${[...seenLanguages].join(', ')}`);
    assert.ok(seenKinds.size > 100, `${seenKinds.size} kinds of text`);
    assert.ok(paths.length > 50);
  });

  for (const size of [wide, phone])
    for (const isDark of [false, true])
      it(`have a search and a list of pages without a barrier: ${size.width} px, ${isDark ? 'dark' : 'light'}`, async () => {
        await visit('guide/compared.html');
        await setLook(page, { size, isDark });
        if (size === phone) await page.locator('.VPLocalNav .menu').click();
        await page.locator('.VPSidebar').waitFor({ state: 'visible' });
        assert.deepEqual(await findBarriers(page), []);
        await page.keyboard.press('Escape');
        const search = page.locator('.VPNavBarSearch button').first();
        await search.focus();
        await page.keyboard.press('Enter');
        const field = page.getByRole('combobox', { name: 'Search', exact: true });
        await field.fill('updateSource');
        await page.getByRole('option').nth(1).waitFor();
        assert.deepEqual(await findBarriers(page), []);
        await page.keyboard.press('ArrowDown');
        const chosen = page.locator('[role=option][aria-selected=true]');
        assert.equal(await field.getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
        assert.deepEqual(await leavesOf(page, { within: '.VPLocalSearchBox', steps: 8 }), []);
        await page.keyboard.press('Escape');
        await field.waitFor({ state: 'detached' });
        await waitForFocus('.VPNavBarSearch button');
      });

  it('keep the focus in the open list of pages of a phone, and give it back', async () => {
    await visit('quick-start/index.html');
    await setLook(page, { size: phone, isDark: false });
    const menu = page.locator('.VPLocalNav .menu');
    await menu.focus();
    await page.keyboard.press('Enter');
    await waitForFocus('.VPSidebar .nav');
    // Backwards from the first, and over both ends of the list.
    await page.keyboard.press('Shift+Tab');
    const steps = (await page.locator('.VPSidebar a').count()) + 3;
    assert.deepEqual(await leavesOf(page, { within: '.VPSidebar', steps }), []);
    await page.keyboard.press('Escape');
    await waitForFocus('.VPLocalNav .menu');
    assert.equal(await page.locator('[inert]').count(), 0);

    // A page that is chosen begins at its top, and nothing stays out of reach.
    await page.keyboard.press('Enter');
    await waitForFocus('.VPSidebar .nav');
    await page.locator('.VPSidebar a[href$="/quick-start/whip.html"]').press('Enter');
    await page.waitForURL('**/quick-start/whip.html');
    await page.locator('.VPSidebar:not(.open)').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('[inert]').count(), 0);
    await page.keyboard.press('Tab');
    await waitForFocus('.VPSkipLink');

    // A turned device may have room for the list beside the page.
    await menu.click();
    await waitForFocus('.VPSidebar .nav');
    await page.setViewportSize(wide);
    await page.locator('.VPSidebar:not(.open)').waitFor();
    assert.equal(await page.locator('[inert]').count(), 0);
  });

  it('take the focus only where it is seen, and the link past the bars leads into the text', async () => {
    for (const size of [wide, phone]) {
      await visit('quick-start/hls.html');
      await setLook(page, { size, isDark: false });
      await page.keyboard.press('Tab');
      await waitForFocus('.VPSkipLink');
      assert.deepEqual(await walk(page, 12), []);
      await page.locator('.VPSkipLink').press('Enter');
      await waitForFocus('#VPContent');
      assert.deepEqual(await walk(page, 24), []);
    }
    const menu = page.getByRole('button', { name: 'mobile navigation' });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.locator('.VPNavScreen').waitFor();
    assert.deepEqual(await walk(page, 12), []);
    await page.keyboard.press('Escape');
    await page.locator('.VPNavScreen').waitFor({ state: 'detached' });
    await waitForFocus('.VPNavBarHamburger');
  });

  it('copy code, change tabs and the colours by keyboard, and keep the focus', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit('quick-start/frameworks.html');
    await setLook(page, { size: wide, isDark: false });
    const tabs = page.locator('.vp-code-group:has(input ~ input)').first();
    const [first, second] = [tabs.locator('input').nth(0), tabs.locator('input').nth(1)];
    await first.focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await second.isChecked(), true);
    assert.deepEqual(
      await tabs
        .locator('.blocks > *')
        .evaluateAll((blocks) => blocks.slice(0, 2).map((block) => block.checkVisibility())),
      [false, true],
    );
    const code = tabs.locator('.blocks > .active');
    // With the keys, because a button that the mouse has focused may lose the focus.
    await page.keyboard.press('Tab');
    await waitForFocus('button.copy');
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: /^Copied$/ })
      .waitFor({ state: 'attached' });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.trim(), (await code.locator('pre').textContent())?.trim());
    await code.locator('button.copy:not(.copied)').waitFor();
    await waitForFocus('button.copy');

    const colours = page.getByRole('switch', { name: 'Dark theme' }).first();
    await colours.focus();
    for (const isDark of [true, false]) {
      await page.keyboard.press(isDark ? 'Enter' : 'Space');
      assert.equal(await colours.getAttribute('aria-checked'), String(isDark));
      assert.equal(await page.locator('html.dark').count(), Number(isDark));
      await waitForFocus('.VPSwitchAppearance');
    }
  });

  const waitForFocus = async (selector: string): Promise<void> => {
    await page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);
  };
});

/** Presses Tab, and lists what gets the focus outside a part of the page. Between the last and the first, nothing has it. */
async function leavesOf(page: Page, { within, steps }: { within: string; steps: number }): Promise<string[]> {
  const outside: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate((part) => {
      const focused = document.activeElement;
      return focused && focused !== document.body && !focused.closest(part)
        ? focused.outerHTML.slice(0, 200)
        : '';
    }, within);
    if (found) outside.push(found);
  }
  return outside;
}

/** Presses Tab, and lists what gets the focus and is not in sight or has no outline. */
async function walk(page: Page, steps: number): Promise<string[]> {
  const hidden: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return undefined;
      // The label of a tab stands for the field before it.
      const shown = focused.matches('.tabs input') ? (focused.nextElementSibling ?? focused) : focused;
      // A link may have two lines.
      const { left = 0, right = 0, top = 0, bottom = 0 } = shown.getClientRects()[0] ?? {};
      const [first] = document.elementsFromPoint((left + right) / 2, (top + bottom) / 2);
      const isInSight = first !== undefined && (shown.contains(first) || first.contains(shown));
      const hasOutline = getComputedStyle(shown).outlineStyle !== 'none';
      return isInSight && hasOutline ? undefined : focused.outerHTML.slice(0, 200);
    });
    if (found !== undefined) hidden.push(found);
  }
  return hidden;
}
