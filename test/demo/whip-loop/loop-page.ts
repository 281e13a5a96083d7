import puppeteer from 'puppeteer-core';
import type { Browser } from 'puppeteer-core';
import { HANG_LIMIT_MS } from '../../support/wait.js';
import { LOOP_TOKEN, startLoopServer } from './start-loop-server.js';
import type { LoopServer } from './start-loop-server.js';

/** The state of the player in the page. */
export interface LoopReport {
  readonly currentTime: number;
  readonly ended: boolean;
  readonly duration: number;
  readonly readyState: number;
  readonly bufferedEnds: readonly number[];
  /** False once the player has read the end of the playlist. */
  readonly isLive: boolean | undefined;
  /** End of the player's playlist, in seconds. */
  readonly playlistEnd: number | undefined;
  readonly totalVideoFrames: number;
  readonly droppedVideoFrames: number;
  readonly fatal: readonly string[];
  readonly warnings: readonly string[];
  /** One entry for each shown picture whose time code could be read, on the page's clock. */
  readonly delaysMs: readonly { readonly nowMs: number; readonly delayMs: number }[];
  readonly sizes: readonly string[];
  readonly stalls: number;
  readonly audioBytes: number;
}

export interface PublishAnswer {
  readonly status: number;
  readonly problem?: { readonly code: string };
}

export type LoopSource = 'time-code' | 'camera' | 'silent-camera' | 'microphone';

/** What the viewer's connection says of itself, with names of WebRTC's statistics. */
export interface ViewerStats {
  readonly connectionState: string;
  readonly video?: Readonly<Record<string, number>>;
  readonly audio?: Readonly<Record<string, number>>;
  readonly videoReports?: number;
  readonly audioReports?: number;
}

/** A Chromium with a page that publishes a stream and plays it. */
export interface LoopPage {
  readonly server: LoopServer;
  /** `encodings`: how far each one is scaled down, by name. */
  publish(options?: {
    source?: LoopSource;
    videoCodec?: string;
    encodings?: Readonly<Record<string, number>>;
  }): Promise<PublishAnswer>;
  /** Closes the page's connection without notice to the server. */
  vanish(): Promise<void>;
  /** Sends DELETE; resolves with its status. */
  stop(): Promise<number>;
  restartIce(): Promise<number>;
  /** Scales the sent picture down by a factor, as congestion control does. */
  scaleDown(factor: number): Promise<void>;
  play(): Promise<void>;
  /** Plays by WHEP in place of HLS. Resolves with the status of the request. */
  view(): Promise<number>;
  /** Asks for a layer of what `view` plays. Resolves with the status of the request. */
  selectLayer(layer: Readonly<Record<string, string>>): Promise<number>;
  viewerStats(): Promise<ViewerStats>;
  report(): Promise<LoopReport>;
  /** Resolves once the report fulfils the condition. @throws Error after the limit */
  waitFor(what: string, isMet: (report: LoopReport) => boolean, limitMs?: number): Promise<LoopReport>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    whipLoop: {
      publish(options: Record<string, unknown>): Promise<PublishAnswer>;
      play(options: Record<string, unknown>): Promise<void>;
      view(options: Record<string, unknown>): Promise<number>;
      selectLayer(options: Record<string, unknown>): Promise<number>;
      viewerStats(): Promise<ViewerStats>;
      vanish(): void;
      stop(): Promise<number>;
      restartIce(): Promise<number>;
      scaleDown(factor: number): Promise<void>;
      report(): LoopReport;
    };
  }
}

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
];

const STREAM = { stream: 'cam', token: LOOP_TOKEN };

/** Starts server, browser and page; `close` ends all three. */
export async function openLoopPage(
  executablePath: string,
  serverOptions: Parameters<typeof startLoopServer>[0] = {},
): Promise<LoopPage> {
  const server = await startLoopServer(serverOptions);
  let browser: Browser | undefined;
  try {
    browser = await puppeteer.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
    return await openPage(server, browser);
  } catch (error) {
    await browser?.close();
    await server.close();
    throw error;
  }
}

async function openPage(server: LoopServer, browser: Browser): Promise<LoopPage> {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/page.html`);
  await page.waitForFunction(() => 'whipLoop' in window);
  const report = () => page.evaluate(() => window.whipLoop.report());
  return {
    server,
    publish: (options = {}) =>
      page.evaluate((all) => window.whipLoop.publish(all), { ...STREAM, ...options }),
    vanish: () =>
      page.evaluate(() => {
        window.whipLoop.vanish();
      }),
    stop: () => page.evaluate(() => window.whipLoop.stop()),
    restartIce: () => page.evaluate(() => window.whipLoop.restartIce()),
    scaleDown: (factor) => page.evaluate((by) => window.whipLoop.scaleDown(by), factor),
    play: () => page.evaluate((all) => window.whipLoop.play(all), STREAM),
    view: () => page.evaluate((all) => window.whipLoop.view(all), STREAM),
    selectLayer: (layer) => page.evaluate((all) => window.whipLoop.selectLayer(all), { ...STREAM, layer }),
    viewerStats: () => page.evaluate(() => window.whipLoop.viewerStats()),
    report,
    waitFor: async (what, isMet, limitMs = HANG_LIMIT_MS) => {
      const deadlineMs = Date.now() + limitMs;
      for (;;) {
        const seen = await report();
        if (isMet(seen)) return seen;
        if (Date.now() > deadlineMs) {
          throw new Error(
            `Not within ${limitMs} ms: ${what}. Seen: ${JSON.stringify({ ...seen, delaysMs: seen.delaysMs.length })}`,
          );
        }
        await new Promise((resolve) => {
          setTimeout(resolve, 200);
        });
      }
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
