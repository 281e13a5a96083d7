import type { SecurePlayer } from '@gatecast/player';
import type { Browser, CDPSession, ElementHandle, Page, Request } from 'playwright-core';
import { until } from '../../support/wait.js';

declare global {
  interface Window {
    /** The players that a test has left, as far as they are still in memory. */
    leftPlayers: WeakRef<SecurePlayer>[];
  }
}

/** A page of a site, and what it does. */
export class SitePage {
  /** Errors and warnings of the page. */
  readonly troubles: string[] = [];
  /** What the page wrote to its console. */
  readonly logs: string[] = [];
  /** Requests for tokens, with the reason that the player states to `/api/tokens`. */
  readonly tokenRequests: string[] = [];
  readonly page: Page;
  readonly #open = new Set<Request>();
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      this.logs.push(text);
      // Lit's note, in development only.
      if (text.includes('Lit is in dev mode')) return;
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(text);
    });
    page.on('request', (request) => {
      this.#open.add(request);
      const { pathname } = new URL(request.url());
      if (pathname === '/my/token') this.tokenRequests.push('own');
      if (pathname !== '/api/tokens') return;
      const { reason = '' } = JSON.parse(request.postData() ?? '{}') as { reason?: string };
      this.tokenRequests.push(reason);
    });
    for (const type of ['requestfinished', 'requestfailed'] as const)
      page.on(type as 'requestfinished', (request) => this.#open.delete(request));
  }

  static async open(browser: Browser, address: string): Promise<SitePage> {
    const page = await browser.newPage();
    const site = new SitePage(page, await page.context().newCDPSession(page));
    await page.goto(address);
    return site;
  }

  /** Resolves with the player when it shows moving pictures. */
  async picture(): Promise<ElementHandle<SecurePlayer>> {
    const handle = await this.page.locator('secure-player:visible').elementHandle();
    const player = handle as ElementHandle<SecurePlayer>;
    await this.page.waitForFunction(
      (one) => one.currentTime > 0 && one.getVideoPlaybackQuality().totalVideoFrames > 0,
      player,
    );
    return player;
  }

  /** Resolves when the page has no request and no worker, and the player has ended its session. */
  async idle(player: ElementHandle<SecurePlayer>): Promise<void> {
    const { page } = this;
    const isIdle = async (): Promise<boolean> =>
      this.#open.size === 0 &&
      page.workers().length === 0 &&
      (await player.evaluate((one) => one.diagnostics()['playback'] === null));
    await until(isIdle, 'the end of all work');
  }

  /** How many of the players that were left are still in memory, after garbage collection. */
  async playersInMemory(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return this.page.evaluate(() => window.leftPlayers.filter((one) => one.deref() !== undefined).length);
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
