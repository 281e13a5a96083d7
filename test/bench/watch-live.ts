import type { BenchSite, PageOptions } from './bench-site.js';
import { round } from './statistics.js';
import { visitPage, waitForMark } from './visit-page.js';
import type { PageKind } from './write-page.js';

/** Live playback as seen by the viewer, and requests as seen by the origin. */
export interface LiveFigures {
  readonly page: PageKind;
  /** Number of pauses of the media clock of more than 150 ms. */
  readonly stalls: number;
  readonly stallMs: number;
  readonly longestStallMs: number;
  /** Number of times that the media element got a new source. */
  readonly reloads: number;
  readonly refused401: number;
  readonly refused403: number;
  readonly tokenRequests: number;
  /** Longest time between two changes of the media clock, visible or not, sampled every 20 ms. */
  readonly longestGapMs: number;
}

export interface LiveOptions extends PageOptions {
  readonly seconds: number;
}

/** Measures a page for the given time after its first frame. */
export async function watchLive(site: BenchSite, page: PageKind, options: LiveOptions): Promise<LiveFigures> {
  const address = await site.addPage(page, options);
  const startedAtMs = Date.now();
  return visitPage(address, async (tab) => {
    await waitForMark(tab, 'first-frame');
    await tab.waitForTimeout(options.seconds * 1000);
    await tab.evaluate(() => dispatchEvent(new Event('bench-end')));
    const { stallsMs, sources, longestGapMs } = await tab.evaluate(() => ({
      stallsMs: performance.getEntriesByName('stall').map(({ duration }) => duration),
      sources: performance.getEntriesByName('media-source').length,
      longestGapMs: performance.getEntriesByName('longest-gap')[0]?.duration ?? NaN,
    }));
    const requests = await site.requestsSince(startedAtMs);
    const countOf = (status: number) => requests.filter((request) => request.status === status).length;
    return {
      page,
      stalls: stallsMs.length,
      stallMs: round(stallsMs.reduce((sum, ms) => sum + ms, 0)),
      longestStallMs: round(Math.max(0, ...stallsMs)),
      reloads: sources - 1,
      refused401: countOf(401),
      refused403: countOf(403),
      tokenRequests: requests.filter(({ kind }) => kind === 'token').length,
      longestGapMs: round(longestGapMs),
    };
  });
}
