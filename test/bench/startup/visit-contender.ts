import type { Page } from 'playwright-core';
import type { BenchSite } from '../bench-site.js';
import { visitPage, waitForMark, withProfile, type VisitOptions } from '../visit-page.js';
import { readWaterfall } from '../waterfall.js';
import type { Contender } from './contenders.js';
import type { StartRun } from './start-figures.js';

/** Until then a page has also loaded what its first frame did not need. */
const SETTLED_MS = 500;

/** Opens the page of a contender and measures its start. */
export async function visitContender(site: BenchSite, contender: Contender): Promise<StartRun> {
  const address = await site.addPage(contender.page);
  if (contender.isReturn !== true) return measureVisit(contender, address);
  return withProfile(async (profile) => {
    await visitPage(address, waitUntilSettled, { profile });
    return measureVisit(contender, address, { profile });
  });
}

function measureVisit(
  { name: contender }: Contender,
  address: string,
  options?: VisitOptions,
): Promise<StartRun> {
  return visitPage(
    address,
    async (page) => {
      const fromNavigationMs = await waitForMark(page, 'first-frame');
      const waterfall = await readWaterfall(page, fromNavigationMs);
      const fromScriptMs = fromNavigationMs - (await scriptArrivalMs(page));
      return { contender, fromNavigationMs, fromScriptMs, waterfall };
    },
    options,
  );
}

async function waitUntilSettled(page: Page): Promise<void> {
  await waitForMark(page, 'first-frame');
  await page.waitForTimeout(SETTLED_MS);
}

function scriptArrivalMs(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { src } = document.querySelector<HTMLScriptElement>('script[src]') ?? {};
    const [entry] = src === undefined ? [] : performance.getEntriesByName(src, 'resource');
    return (entry as PerformanceResourceTiming | undefined)?.responseEnd ?? NaN;
  });
}
