import type { Page } from 'playwright-core';
import { round } from './statistics.js';

/** A request or a mark of a page. Times are in milliseconds since the navigation. */
export interface WaterfallRow {
  /** Last part of the path, without query and token, or the name of the mark. */
  readonly name: string;
  readonly isMark: boolean;
  readonly startMs: number;
  /** Time until it could be sent, including the wait for a connection. */
  readonly sentMs: number;
  readonly firstByteMs: number;
  readonly endMs: number;
  readonly bytes: number;
  /** Its answer is used while it arrives: an HTML page, or an answer in several parts. */
  readonly isStreamed: boolean;
}

/**
 * The requests of a page before an instant, in order of their start, including the marks of the probe. Without requests to
 * other machines, which the browser refuses: mux-player asks for Google's Cast sender.
 */
export async function readWaterfall(page: Page, untilMs: number): Promise<WaterfallRow[]> {
  const entries = await page.evaluate(() =>
    [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
      ...performance.getEntriesByType('mark'),
    ].map((entry) => {
      // Not yet in the types of TypeScript: https://w3c.github.io/resource-timing/#dom-performanceresourcetiming-contenttype
      const timing = entry as Partial<PerformanceResourceTiming> & { readonly contentType?: string };
      const end = entry.startTime + entry.duration;
      return {
        type: entry.entryType,
        contentType: timing.contentType ?? '',
        name: entry.name,
        startMs: entry.startTime,
        sentMs: timing.requestStart ?? entry.startTime,
        firstByteMs: timing.responseStart ?? end,
        endMs: timing.responseEnd ?? end,
        bytes: timing.encodedBodySize ?? 0,
      };
    }),
  );
  return entries
    .filter(({ startMs }) => startMs <= untilMs)
    .filter(({ type, name }) => type === 'mark' || isLocal(name))
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ type, contentType, name, bytes, ...times }) => ({
      name: type === 'mark' ? name : nameOf(name),
      isMark: type === 'mark',
      startMs: round(times.startMs),
      sentMs: round(times.sentMs),
      firstByteMs: round(times.firstByteMs),
      endMs: round(times.endMs),
      bytes,
      isStreamed: type === 'navigation' || contentType.startsWith('multipart/'),
    }));
}

function isLocal(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'data:' || protocol === 'blob:' || hostname === '127.0.0.1';
}

/** A token may be in the path before its last part, or anywhere in the query. */
function nameOf(address: string): string {
  const { protocol, pathname } = new URL(address);
  return protocol === 'data:' || protocol === 'blob:' ? protocol : (pathname.split('/').pop() ?? '');
}
