import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findEngine } from '../support/runner/find-engines.js';

const args = [
  '--no-sandbox',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * Opens a URL in a new headless Chromium, and closes the browser after `look`.
 *
 * The profile is on disk, because Chromium ignores preconnect in incognito mode. It is always new, so caches are empty.
 *
 * @throws Error when there is no Chromium.
 */
export async function visitPage<Result>(
  address: string,
  look: (page: Page) => Promise<Result>,
): Promise<Result> {
  const engine = findEngine('chromium');
  if (!engine) throw new Error('There is no Chromium on this machine; GATECAST_CHROMIUM may name one.');
  const profile = await mkdtemp(join(tmpdir(), 'gatecast-bench-'));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: engine.executable,
      headless: true,
      args,
    });
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      // Otherwise the start of the browser would delay the first requests.
      await page.waitForTimeout(400);
      await page.goto(address, { waitUntil: 'commit' });
      return await look(page);
    } finally {
      await context.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

/** Waits for a mark in the page's User Timing. Returns its time in milliseconds since the navigation. */
export async function waitForMark(page: Page, mark: string, timeoutMs = 30_000): Promise<number> {
  const find = (name: string): number | undefined => performance.getEntriesByName(name)[0]?.startTime;
  // Polled by timer instead of on every frame, because the page's frames are measured.
  const found = await page.waitForFunction(find, mark, { polling: 100, timeout: timeoutMs });
  return (await found.jsonValue()) ?? NaN;
}
