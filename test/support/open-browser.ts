import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { findEngine } from './runner/find-engines.js';
import { HANG_LIMIT_MS } from './wait.js';

const found = findEngine('chromium');

/** The reason why tests that need a browser cannot run, for node:test's `skip`. */
export const missingBrowser: string | false = found ? false : 'no Chromium on this machine';

/**
 * Opens a headless browser with a fake camera, and with long timeouts for a busy machine.
 *
 * @param args - further arguments of its command line.
 */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    timeout: HANG_LIMIT_MS,
    ...(found && { executablePath: found.executable }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--allow-loopback-in-peer-connection',
      ...args,
    ],
  });
  // `browser.newPage()` creates a context too.
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options): Promise<BrowserContext> => {
    const context = await newContext(options);
    context.setDefaultTimeout(HANG_LIMIT_MS);
    return context;
  };
  return browser;
}

/** A page with its errors and warnings. */
export interface WatchedPage {
  readonly page: Page;
  readonly troubles: readonly string[];
}

export async function watchPage(browser: Browser, address: string): Promise<WatchedPage> {
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  await page.goto(address);
  return { page, troubles };
}

/** Resolves when the page's player shows moving pictures. */
export async function waitForPicture(page: Page, tag = 'secure-player'): Promise<void> {
  await page.waitForFunction((selector) => {
    const player = document.querySelector<HTMLVideoElement>(selector);
    return player !== null && player.currentTime > 0 && player.getVideoPlaybackQuality().totalVideoFrames > 0;
  }, tag);
}
