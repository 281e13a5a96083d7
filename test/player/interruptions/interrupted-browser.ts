import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { HANG_LIMIT_MS } from '../../support/wait.js';

/** Switches on what automation switches off: throttling and the back/forward cache. */
const viewersFeatures = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-back-forward-cache',
];

/** The state of a player, as the page sees it. */
export interface PlayerReading {
  readonly positionS: number;
  readonly isPaused: boolean;
  /** Seconds behind the live edge. */
  readonly behindS: number;
  /** Number of its fatal errors. */
  readonly errors: number;
  readonly tokenStates: readonly string[];
}

/** A browser with one page that plays, and the ways to interrupt it. */
export class InterruptedBrowser {
  readonly #browser: Browser;
  readonly page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async open(executablePath: string, address: string): Promise<InterruptedBrowser> {
    const browser = await puppeteer.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--autoplay-policy=no-user-gesture-required',
        '--disable-background-networking',
      ],
      ignoreDefaultArgs: viewersFeatures,
    });
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('secure-error', () => {
        const { dataset } = document.documentElement;
        dataset['errors'] = String(Number(dataset['errors'] ?? 0) + 1);
      });
      addEventListener('pageshow', ({ persisted }) => {
        document.documentElement.dataset['kept'] = String(persisted);
      });
    });
    await page.goto(address);
    const opened = new InterruptedBrowser(browser, page);
    await opened.untilPlayed(1.5);
    return opened;
  }

  read(): Promise<PlayerReading> {
    return this.page.evaluate(() => {
      const player = document.querySelector('secure-player');
      if (!player) throw new Error('There is no player.');
      const { seekable, currentTime } = player;
      return {
        positionS: currentTime,
        isPaused: player.paused,
        behindS: seekable.length > 0 ? seekable.end(seekable.length - 1) - currentTime : NaN,
        errors: Number(document.documentElement.dataset['errors'] ?? 0),
        tokenStates: player.tokenStates.map(({ state }) => state),
      };
    });
  }

  /** Milliseconds until media time has advanced for a while. @throws Error if it does not. */
  async untilPlayed(seconds: number): Promise<number> {
    const startedMs = performance.now();
    let played = 0;
    let last: number | null = null;
    while (played < seconds) {
      if (performance.now() - startedMs > HANG_LIMIT_MS)
        throw new Error(`It did not play within ${HANG_LIMIT_MS} ms: ${JSON.stringify(await this.read())}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { positionS } = await this.read();
      // A jump, such as one to the live edge, does not count as playback.
      if (last !== null && positionS > last && positionS - last < 1) played += positionS - last;
      last = positionS;
    }
    return performance.now() - startedMs;
  }

  /** Milliseconds until the player is near the live edge. @throws Error if it stays behind. */
  async untilLive(mostBehindS: number): Promise<number> {
    const startedMs = performance.now();
    for (;;) {
      const { behindS } = await this.read();
      const tookMs = performance.now() - startedMs;
      if (behindS < mostBehindS) return tookMs;
      if (tookMs > HANG_LIMIT_MS) throw new Error(`It stayed ${behindS.toFixed(1)} s behind the live edge.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Stops all processes of the browser, as a laptop does when its lid is closed. */
  async sleep(ms: number): Promise<void> {
    const pid = this.#browser.process()?.pid;
    if (pid === undefined) throw new Error('The browser has no process.');
    // The whole process group, because pages have their own processes.
    process.kill(-pid, 'SIGSTOP');
    try {
      await new Promise((resolve) => setTimeout(resolve, ms));
    } finally {
      process.kill(-pid, 'SIGCONT');
    }
  }

  /** Freezes the page, as browsers do with tabs that are in the background for long, above all on phones. */
  async freeze(ms: number): Promise<void> {
    const other = await this.#browser.newPage();
    await other.bringToFront();
    const session = await this.page.createCDPSession();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, ms));
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    await other.close();
    await this.page.bringToFront();
  }

  /** Opens another tab in front. @returns whether that hid the page. */
  async hide(ms: number): Promise<boolean> {
    const other = await this.#browser.newPage();
    await other.bringToFront();
    const wasHidden = await this.page.evaluate(() => document.visibilityState === 'hidden');
    await new Promise((resolve) => setTimeout(resolve, ms));
    await other.close();
    await this.page.bringToFront();
    return wasHidden;
  }

  async goOffline(ms: number): Promise<void> {
    await this.page.setOfflineMode(true);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.page.setOfflineMode(false);
  }

  /** Navigates to another page and back. @returns whether the page came from the back/forward cache. */
  async leaveAndReturn(elsewhere: string, ms: number): Promise<boolean> {
    await this.page.goto(elsewhere);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.page.goBack({ waitUntil: 'domcontentloaded' });
    return this.page.evaluate(() => document.documentElement.dataset['kept'] === 'true');
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
