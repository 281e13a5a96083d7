import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { serveProject } from '../packages/support/serve-project.js';
import { missingBrowser, openBrowser, waitForPicture } from '../support/open-browser.js';
import { namedCodeBlocks } from './support/code-blocks.js';

const quickStarts = 'demo/docs/quick-start';
const rule = /secure-player(?:,\s*secure-webcaster)? \{\s*display: block;\s*aspect-ratio: 16 \/ 9;\s*\}/;

/** The complete pages of quick starts and examples, by a name. */
function pages(): [string, string][] {
  const ofDocs = readdirSync(join(repositoryRoot, quickStarts))
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const text = readFileSync(join(repositoryRoot, quickStarts, file), 'utf8');
      return [...namedCodeBlocks(`quick-start/${file}`)].map(([name, code]): [string, string] => [
        `${file}, ${name}`,
        // The styles of an app are beside its components.
        name.endsWith('.html') || !code.includes('<secure-player') ? code : text,
      ]);
    });
  const example = readFileSync(join(repositoryRoot, 'examples/plain-html/index.html'), 'utf8');
  return [...ofDocs, ['examples/plain-html', example]];
}

describe('a page of the quick starts', () => {
  for (const [name, code] of pages().filter(([, text]) => text.includes('<secure-player')))
    it(`gives the player its shape before the script has loaded: ${name}`, () => {
      assert.match(code, rule);
    });

  it('is found', () => {
    assert.ok(pages().filter(([, text]) => text.includes('<secure-player')).length >= 6);
  });
});

describe('the layout of a page with a player', { skip: missingBrowser }, () => {
  let browser: Browser;
  let folder: string;

  before(async () => {
    const { folder: built } = await buildGatecast();
    mkdirSync(join(repositoryRoot, '.build'), { recursive: true });
    folder = mkdtempSync(join(repositoryRoot, '.build/layout-shift-'));
    cpSync(built, folder, { recursive: true });
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sum of the layout shifts of the plain example with a text below its player, whose script comes after the first paint. */
  async function shiftOf(change: (html: string) => string): Promise<number> {
    const html = readFileSync(join(repositoryRoot, 'examples/plain-html/index.html'), 'utf8');
    const below = '</secure-player><p>A text below the player.</p>';
    writeFileSync(join(folder, 'index.html'), change(html.replace('</secure-player>', below)));
    const site = await serveProject(folder);
    const page = await browser.newPage();
    try {
      await page.addInitScript(() => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & { value: number })[];
          const { dataset } = document.documentElement;
          for (const { value } of shifts) dataset['shift'] = String(Number(dataset['shift'] ?? 0) + value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      const isPainted = () =>
        page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
      await page.route('**/gatecast.js', async (route) => {
        await isPainted();
        await route.continue();
      });
      await page.goto(`${site.origin}/`, { waitUntil: 'commit' });
      await waitForPicture(page);
      // The skin loads after the first frame.
      await page.waitForFunction(() =>
        document.querySelector('secure-player')?.shadowRoot?.querySelector('media-controller'),
      );
      return await page.evaluate(() => Number(document.documentElement.dataset['shift'] ?? 0));
    } finally {
      await page.close();
      await site.close();
    }
  }

  it('does not shift when the script, the picture and the controls come', async () => {
    assert.equal(await shiftOf((html) => html), 0);
  });

  it('does not shift when a poster of another shape comes', async () => {
    const tall =
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="1600"><rect width="90" height="1600"/></svg>';
    writeFileSync(join(folder, 'poster.svg'), tall);
    assert.equal(
      await shiftOf((html) => html.replace('<secure-player', '<secure-player poster="/poster.svg"')),
      0,
    );
  });

  it('would shift without the shape in its styles', async () => {
    assert.ok((await shiftOf((html) => html.replace(/<style>[\s\S]*<\/style>/, ''))) > 0.01);
  });
});
