import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { FrameCounts, ShownFrame } from '../pages/whep.js';
import { quantile, round } from '../statistics.js';
import { BROADCAST_PATH, STREAM, type WhepSite } from './whep-site.js';

export interface WhepStarts {
  /** Milliseconds from the click to the first frame, one for each round. */
  readonly whepMs: readonly number[];
  readonly hlsMs: readonly number[];
}

export interface CameraDelay {
  readonly pictures: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
}

export interface TokenRun {
  readonly seconds: number;
  /** With tokens of 10 s, and the control with a long one, in the same page. */
  readonly short: FrameCounts;
  readonly control: FrameCounts;
  /** Requests of the short player for its sessions, such as `GET 204`, with how often they were sent. */
  readonly requests: Readonly<Record<string, number>>;
}

const HANG_LIMIT_MS = 40_000;
const SHORT_TOKEN_SECONDS = 10;
/** Before a fault: a session has worked from 5 s on. */
const SETTLE_MS = 6000;
const WATCH_MS = 8000;
/** A picture moves if its last frame is not older. */
const MOVING_MS = 500;

type Place = WhepSite['near'];

const attributesOf = ({ backend }: Place, engine: 'whep' | 'hls') => ({
  src: engine === 'whep' ? `${backend}/whep/${STREAM}` : `${backend}/live/${STREAM}.m3u8`,
  engine,
  'token-url': `${backend}/api/tokens`,
  stream: STREAM,
  preload: 'none',
  muted: '',
  playsinline: '',
});

async function openPage(browser: Browser, address: string): Promise<Page> {
  // A context of its own: nothing is in a cache.
  const page = await (await browser.newContext()).newPage();
  await page.goto(address);
  await page.waitForFunction(() => 'whepBench' in window);
  return page;
}

/** @returns the page that sends until it is closed. */
export async function startBroadcast(browser: Browser, { near }: WhepSite): Promise<Page> {
  const page = await openPage(browser, near.page + BROADCAST_PATH);
  await page.evaluate(() => window.whepBench.broadcast());
  return page;
}

function play(page: Page, place: Place, engine: 'whep' | 'hls', name: string = engine): Promise<number> {
  return page.evaluate(([id, attributes]) => window.whepBench.play(id, attributes), [
    name,
    attributesOf(place, engine),
  ] as const);
}

/** Both engines in turns, each in a new page behind the network, from the same broadcast. */
export async function measureStarts(
  browser: Browser,
  { far }: WhepSite,
  rounds: number,
): Promise<WhepStarts> {
  const times: Record<'whep' | 'hls', number[]> = { whep: [], hls: [] };
  for (let turn = 0; turn < 2 * rounds; turn += 1) {
    const engine = turn % 2 === 0 ? 'whep' : 'hls';
    const page = await openPage(browser, far.page);
    times[engine].push(round(await play(page, far, engine)));
    await page.context().close();
  }
  return { whepMs: times.whep, hlsMs: times.hls };
}

const framesOf = (page: Page): Promise<readonly ShownFrame[]> =>
  page.evaluate(() => window.whepBench.frames('whep'));

/** Without the start, in which the jitter buffer settles. */
export async function measureCameraDelay(
  browser: Browser,
  { near }: WhepSite,
  seconds: number,
): Promise<CameraDelay> {
  const page = await openPage(browser, near.page);
  await play(page, near, 'whep');
  await sleep(3000);
  const { length } = await framesOf(page);
  await sleep(seconds * 1000);
  const delays = (await framesOf(page)).slice(length).flatMap(({ delayMs }) => delayMs ?? []);
  await page.context().close();
  return {
    pictures: delays.length,
    medianMs: round(quantile(delays, 0.5)),
    p95Ms: round(quantile(delays, 0.95)),
    worstMs: Math.max(...delays),
  };
}

/**
 * Time from a fault that ends sessions without notice until the picture moves again, in milliseconds: the end of the longest
 * pause between two frames of the next seconds.
 *
 * @param kind - `ingest`: the broadcaster's session. `whep`: the viewer's.
 */
export async function measureReturn(
  browser: Browser,
  site: WhepSite,
  kind: 'ingest' | 'whep',
): Promise<number> {
  const page = await openPage(browser, site.near.page);
  await play(page, site.near, 'whep');
  await sleep(SETTLE_MS);
  const killedAtMs = Date.now();
  await site.setFaults({ [kind]: { kill: STREAM } });
  try {
    await sleep(WATCH_MS);
    for (;;) {
      const times = (await framesOf(page)).map(({ atMs }) => atMs);
      if (Date.now() - (times.at(-1) ?? 0) < MOVING_MS) return endOfPause(times, killedAtMs) - killedAtMs;
      if (Date.now() - killedAtMs > HANG_LIMIT_MS) throw new Error(`The picture did not return (${kind}).`);
      await sleep(250);
    }
  } finally {
    await page.context().close();
  }
}

function endOfPause(timesMs: readonly number[], sinceMs: number): number {
  const pauses = timesMs.map((endMs, index) => ({ endMs, lengthMs: endMs - (timesMs[index - 1] ?? endMs) }));
  const later = pauses.filter(({ endMs }) => endMs > sinceMs);
  return later.reduce((longest, pause) => (pause.lengthMs > longest.lengthMs ? pause : longest)).endMs;
}

/** A player with tokens of 10 s beside one with a long token. */
export async function measureTokens(browser: Browser, site: WhepSite, seconds: number): Promise<TokenRun> {
  const page = await openPage(browser, site.near.page);
  // Its own address, because players of a page share the tokens of one.
  const own = { ...attributesOf(site.near, 'whep'), 'token-url': `${site.near.backend}/api/tokens?control` };
  await page.evaluate((attributes) => window.whepBench.play('control', attributes), own);
  await site.setFaults({ tokens: { ttlSeconds: SHORT_TOKEN_SECONDS } });
  await play(page, site.near, 'whep', 'short');
  await sleep(3000);
  const startedAtMs = Date.now();
  const count = () =>
    page.evaluate(() => [window.whepBench.counts('short'), window.whepBench.counts('control')] as const);
  await count();
  await sleep(seconds * 1000);
  const [short, control] = await count();
  const requests: Record<string, number> = {};
  for (const request of await site.whepRequests(STREAM, startedAtMs))
    requests[request] = (requests[request] ?? 0) + 1;
  await site.setFaults({});
  await page.context().close();
  if (!('GET 204' in requests) && !('POST 201' in requests))
    throw new Error('No request with a later token: the player had no tokens of 10 s.');
  return { seconds, short, control, requests };
}
