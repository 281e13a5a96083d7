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
  // All servers are on this machine. Players load and report nothing elsewhere.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export interface VisitOptions {
  /** Folder of the browser's profile. @defaultValue a new one, so that all caches are empty */
  readonly profile?: string;
  /** Runs before the navigation. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/**
 * Opens a URL in a new headless Chromium, and closes the browser after `look`.
 *
 * The profile is on disk, because Chromium ignores preconnect in incognito mode.
 *
 * @throws Error when there is no Chromium.
 */
export function visitPage<Result>(
  address: string,
  look: (page: Page) => Promise<Result>,
  { profile, prepare }: VisitOptions = {},
): Promise<Result> {
  const visit = async (folder: string): Promise<Result> => {
    const context = await launch(folder);
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      // Otherwise the start of the browser would delay the first requests.
      await page.waitForTimeout(400);
      await prepare?.(page);
      await page.goto(address, { waitUntil: 'commit' });
      return await look(page);
    } finally {
      await context.close();
    }
  };
  return profile === undefined ? withProfile(visit) : visit(profile);
}

/** Calls `use` with the folder of a new profile, and deletes the folder afterwards. */
export async function withProfile<Result>(use: (profile: string) => Promise<Result>): Promise<Result> {
  const profile = await mkdtemp(join(tmpdir(), 'gatecast-bench-'));
  try {
    return await use(profile);
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

function launch(profile: string) {
  const engine = findEngine('chromium');
  if (!engine) throw new Error('There is no Chromium on this machine; GATECAST_CHROMIUM may name one.');
  return chromium.launchPersistentContext(profile, {
    executablePath: engine.executable,
    headless: true,
    args,
  });
}

/** Waits for a mark in the page's User Timing. Returns its time in milliseconds since the navigation. */
export async function waitForMark(page: Page, mark: string, timeoutMs = 30_000): Promise<number> {
  const find = (name: string): number | undefined => performance.getEntriesByName(name)[0]?.startTime;
  // Polled by timer instead of on every frame, because the page's frames are measured.
  const found = await page.waitForFunction(find, mark, { polling: 100, timeout: timeoutMs });
  return (await found.jsonValue()) ?? NaN;
}
