import type { Page } from 'playwright-core';
import type { Table } from './report/bench-report.js';
import { round } from './statistics.js';

/** One request of a page. Times are in milliseconds since the navigation. */
export interface WaterfallRow {
  /** Last part of the path, without query and token. */
  readonly name: string;
  readonly startMs: number;
  /** Time until it could be sent, including the wait for a connection. */
  readonly sentMs: number;
  readonly firstByteMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

/** The requests of a page before an instant, in order of their start, including the marks of the probe. */
export async function readWaterfall(page: Page, untilMs: number): Promise<WaterfallRow[]> {
  const entries = await page.evaluate(() =>
    [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
      ...performance.getEntriesByType('mark'),
    ].map((entry) => {
      const timing = entry as Partial<PerformanceResourceTiming>;
      const end = entry.startTime + entry.duration;
      return {
        type: entry.entryType,
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
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ type, name, bytes, ...times }) => ({
      name: type === 'mark' ? `(${name})` : nameOf(name),
      startMs: round(times.startMs),
      sentMs: round(times.sentMs),
      firstByteMs: round(times.firstByteMs),
      endMs: round(times.endMs),
      bytes,
    }));
}

/** A token may be in the path before its last part, or anywhere in the query. */
function nameOf(address: string): string {
  const { protocol, pathname } = new URL(address);
  return protocol === 'data:' || protocol === 'blob:' ? protocol : (pathname.split('/').pop() ?? '');
}

export function formatWaterfall(title: string, rows: readonly WaterfallRow[]): Table {
  return {
    title: `${title} (ms since navigation)`,
    columns: ['', 'asked', 'sent', 'first byte', 'end', 'bytes'],
    rows: rows.map(({ name, startMs, sentMs, firstByteMs, endMs, bytes }) => [
      name,
      startMs,
      sentMs,
      firstByteMs,
      endMs,
      bytes,
    ]),
  };
}
