import type { SecurePlayer } from '@gatecast/player';
import type { Browser, CDPSession, ElementHandle, Page, Request } from 'playwright-core';
import { PATIENT_LIMIT_MS } from './patient-wait.js';

/** A page of an app with a player, and what it does. */
export class AppPage {
  /** Errors and warnings of the page. */
  readonly troubles: string[] = [];
  /** What the page wrote to its console. */
  readonly logs: string[] = [];
  /** Requests for tokens: the reason that the player states to `/api/tokens`, or `own` for those to `/my/token`. */
  readonly tokenRequests: string[] = [];
  readonly page: Page;
  readonly session: CDPSession;
  readonly #requests = new Set<Request>();

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      this.logs.push(text);
      // Lit's note, in development only.
      if (text.includes('Lit is in dev mode')) return;
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(text);
    });
    page.on('request', (request) => {
      this.#requests.add(request);
      const { pathname } = new URL(request.url());
      if (pathname === '/my/token') this.tokenRequests.push('own');
      if (pathname !== '/api/tokens') return;
      const { reason = '' } = JSON.parse(request.postData() ?? '{}') as { reason?: string };
      this.tokenRequests.push(reason);
    });
    page.on('requestfinished', (request) => this.#requests.delete(request));
    page.on('requestfailed', (request) => this.#requests.delete(request));
  }

  /** @param script - runs before the scripts of the page. */
  static async open(browser: Browser, address: string, script?: string): Promise<AppPage> {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENT_LIMIT_MS);
    const app = new AppPage(page, await page.context().newCDPSession(page));
    if (script !== undefined) await page.addInitScript({ content: script });
    await page.goto(address);
    return app;
  }

  /** Resolves with the player when it shows moving pictures. */
  async picture(selector = 'secure-player:visible'): Promise<ElementHandle<SecurePlayer>> {
    const handle = await this.page.locator(selector).elementHandle();
    const player = handle as ElementHandle<SecurePlayer>;
    await this.page.waitForFunction(
      (one) => one.currentTime > 0 && one.getVideoPlaybackQuality().totalVideoFrames > 0,
      player,
    );
    return player;
  }

  /** Requests that have not ended, and workers. */
  running(): string[] {
    return [
      ...[...this.#requests].map((one) => new URL(one.url()).pathname),
      ...this.page.workers().map((worker) => worker.url()),
    ];
  }

  async collectGarbage(): Promise<void> {
    await this.session.send('HeapProfiler.collectGarbage');
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
