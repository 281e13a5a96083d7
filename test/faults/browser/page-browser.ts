import puppeteer from 'puppeteer-core';
import type { Engine } from '../../support/runner/engine.js';
import { findEngine, type FoundEngine } from '../../support/runner/find-engines.js';
import { startWebkitDriver } from '../../support/runner/webkit-driver.js';

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
];
const firefoxPrefs = { 'media.autoplay.default': 0, 'media.autoplay.blocking_policy': 0 };

/** A browser with one page that reports its results by itself. */
export interface PageBrowser {
  open(address: string): Promise<void>;
  close(): Promise<void>;
}

async function openPuppeteer({
  engine,
  executable,
}: Extract<FoundEngine, { engine: 'chromium' | 'firefox' }>) {
  const browser = await puppeteer.launch(
    engine === 'firefox'
      ? { browser: 'firefox', executablePath: executable, extraPrefsFirefox: firefoxPrefs }
      : { executablePath: executable, args: chromiumArgs },
  );
  return {
    async open(address: string): Promise<void> {
      const page = (await browser.pages())[0] ?? (await browser.newPage());
      await page.goto(address, { waitUntil: 'domcontentloaded' });
    },
    close: () => browser.close(),
  };
}

/** By the commands of W3C WebDriver, because puppeteer does not know WebKitGTK. */
async function openWebkit({ programs }: Extract<FoundEngine, { engine: 'webkit' }>): Promise<PageBrowser> {
  const driver = await startWebkitDriver(programs);
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${driver.port}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`WebKitWebDriver answered ${response.status} to ${path}.`);
    return response.json();
  };
  try {
    const options = { binary: programs.browser, args: ['--automation', '--autoplay-policy=allow'] };
    const alwaysMatch = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options };
    const session = (await post('/session', { capabilities: { alwaysMatch } })) as {
      value: { sessionId: string };
    };
    return {
      async open(url) {
        await post(`/session/${session.value.sessionId}/url`, { url });
      },
      close: () => driver.stop(),
    };
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

/** @throws Error if the engine is not installed. */
export async function openPageBrowser(engine: Engine): Promise<PageBrowser> {
  const found = findEngine(engine);
  if (!found) throw new Error(`${engine} is not installed.`);
  return found.engine === 'webkit' ? openWebkit(found) : openPuppeteer(found);
}
