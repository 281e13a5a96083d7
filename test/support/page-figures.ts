/**
 * What a page costs until its first picture: busy time of the main thread, tasks that block it, layout shift.
 *
 * npm start, then: node --conditions=gatecast-source --import tsx test/support/page-figures.ts
 *   --origin http://localhost:5173  --rounds 3  [page address …]
 */
import { parseArgs } from 'node:util';
import { type Browser, type CDPSession, chromium } from 'playwright-core';
import { demoPages } from './demo-pages.js';
import { findEngine } from './runner/find-engines.js';

interface PageFigures {
  readonly firstPictureMs: number;
  /** Busy time of the page's main thread until then. */
  readonly busyMs: number;
  /** What of it was script. */
  readonly scriptMs: number;
  /** Over 50 ms, of each task that took longer, until then. */
  readonly blockingMs: number;
  /** Until five seconds later. */
  readonly shift: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    origin: { type: 'string', default: 'http://localhost:5173' },
    rounds: { type: 'string', default: '3' },
  },
});

/** Runs in the page before its own code. */
function observe(): void {
  const figures = { blockingMs: 0, shift: 0, firstPictureMs: 0 };
  Object.assign(globalThis, { pageFigures: figures });
  new PerformanceObserver((list) => {
    if (figures.firstPictureMs > 0) return;
    for (const { duration } of list.getEntries()) figures.blockingMs += Math.max(0, duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[]) {
      if (!entry.hadRecentInput) figures.shift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener('loadeddata', () => (figures.firstPictureMs ||= performance.now()), true);
}

async function readBusy(session: CDPSession): Promise<{ busyMs: number; scriptMs: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
  return { busyMs: read('TaskDuration'), scriptMs: read('ScriptDuration') };
}

async function measure(browser: Browser, address: string): Promise<PageFigures> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.addInitScript(observe);
    await page.goto(address, { waitUntil: 'commit' });
    // Pages without a picture of their own are measured until they are loaded and quiet.
    const hasPicture = await page
      .waitForFunction('globalThis.pageFigures.firstPictureMs > 0', undefined, {
        timeout: 8_000,
        polling: 20,
      })
      .then(
        () => true,
        () => false,
      );
    const busy = await readBusy(session);
    await page.waitForTimeout(hasPicture ? 5_000 : 0);
    const seen = await page.evaluate(
      () => (globalThis as { pageFigures?: Omit<PageFigures, 'busyMs' | 'scriptMs'> }).pageFigures,
    );
    return { firstPictureMs: 0, blockingMs: 0, shift: 0, ...seen, ...busy };
  } finally {
    await page.close();
  }
}

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

const found = findEngine('chromium');
if (!found) throw new Error('No Chromium was found; GATECAST_CHROMIUM may name one.');
const browser = await chromium.launch({
  executablePath: found.executable,
  args: [
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--no-sandbox',
  ],
});
console.log('page                        first picture   busy  script  blocking   shift');
try {
  for (const address of positionals.length > 0 ? positionals : demoPages.map(({ path }) => path)) {
    const rounds: PageFigures[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1)
      rounds.push(await measure(browser, new URL(address, values.origin).href));
    const cell = (name: keyof PageFigures, width: number): string =>
      `${Math.round(median(rounds.map((figures) => figures[name])))} ms`.padStart(width);
    const shift = Math.max(...rounds.map((figures) => figures.shift));
    console.log(
      address.padEnd(28),
      cell('firstPictureMs', 12),
      cell('busyMs', 7),
      cell('scriptMs', 7),
      cell('blockingMs', 8),
      shift.toFixed(4).padStart(8),
    );
  }
} finally {
  await browser.close();
}
