import type { CDPSession, Page } from 'playwright-core';
import { visitPage, waitForMark, type VisitOptions } from '../visit-page.js';
import { measureMainThread, type MainThreadTimes, type TraceEvent } from './main-thread.js';

const categories = [
  'toplevel',
  'devtools.timeline',
  'blink.user_timing',
  'v8',
  'disabled-by-default-v8.compile',
];

/** Events have these fields by the format of Chromium's traces. */
const isTraceEvent = (event: object): event is TraceEvent => 'ts' in event && 'name' in event;

/**
 * Visits a page as `visitPage` does and records what its main thread does until the first frame. Recording slows the page
 * down, so its times are not those of a visit without.
 */
export async function traceVisit(address: string, options: VisitOptions = {}): Promise<MainThreadTimes> {
  const events: TraceEvent[] = [];
  const sessions = new WeakMap<Page, CDPSession>();
  const prepare = async (page: Page): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    session.on('Tracing.dataCollected', ({ value }: { value: object[] }) => {
      for (const event of value) if (isTraceEvent(event)) events.push(event);
    });
    const traceConfig = { includedCategories: categories };
    await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
    sessions.set(page, session);
  };
  const finish = async (page: Page): Promise<void> => {
    await waitForMark(page, 'first-frame');
    const session = sessions.get(page);
    const hasAll = new Promise<void>((resolve) => session?.once('Tracing.tracingComplete', () => resolve()));
    await session?.send('Tracing.end');
    await hasAll;
  };
  await visitPage(address, finish, { ...options, prepare });
  return measureMainThread(events, 'first-frame');
}
