/**
 * Measures a page until its first frame: busy time of the main thread, blocking tasks, layout shift. Fails when a
 * page has a layout shift or keeps the main thread busy for longer than {@link mostBusyMs}.
 *
 * node --conditions=gatecast-source --import tsx test/support/page-figures.ts  --rounds 3  [page address …]
 *
 * By default the demo's pages are built and served. `--origin` names another server, such as that of `npm start`, whose
 * pages are not bundled.
 */
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { demoPages } from './demo-pages.js';
import { findEngine } from './runner/find-engines.js';
import { serveBuiltPages } from './serve-built-pages.js';

interface PageFigures {
  readonly firstPictureMs: number;
  /** CPU time of the page's main thread until the first frame, without that of other programs. */
  readonly busyMs: number;
  /** Sum of the time beyond 50 ms of each longer task, until the first frame. */
  readonly blockingMs: number;
  /** Layout shift until three seconds after the first frame. */
  readonly shift: number;
}

/** The part of a trace event that is read here; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Duration in CPU time of the thread. */
  readonly tdur?: number;
}

const pictureMark = 'first-picture';
const taskName = 'ThreadControllerImpl::RunTask';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    origin: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});

/** CPU time that a page may use before its first frame, in milliseconds. */
const mostBusyMs = 200;
/** Tolerance for rounding. */
const mostShift = 0.001;

/** Runs in the page before its own code. */
function observe(markName: string): void {
  const figures = { shift: 0, firstPictureMs: 0 };
  Object.assign(globalThis, { pageFigures: figures });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[]) {
      if (!entry.hadRecentInput) figures.shift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener(
    'loadeddata',
    () => {
      if (figures.firstPictureMs > 0) return;
      figures.firstPictureMs = performance.now();
      performance.mark(markName);
    },
    true,
  );
}

async function measure(browser: Browser, address: string): Promise<PageFigures> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.addInitScript(observe, pictureMark);
    await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
    await page.goto(address, { waitUntil: 'commit' });
    await page
      .waitForFunction('globalThis.pageFigures.firstPictureMs > 0', undefined, {
        timeout: 8_000,
        polling: 500,
      })
      // A missing first frame shows in the figures.
      .catch(() => undefined);
    await page.waitForTimeout(3_000);
    const trace = await browser.stopTracing();
    const { shift, firstPictureMs } = await page.evaluate(
      () =>
        (globalThis as { pageFigures?: { shift: number; firstPictureMs: number } }).pageFigures ?? {
          shift: 0,
          firstPictureMs: 0,
        },
    );
    return { firstPictureMs, shift, ...readTrace(trace.toString()) };
  } finally {
    await page.close();
  }
}

function readTrace(text: string): Pick<PageFigures, 'busyMs' | 'blockingMs'> {
  const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
  const mark = traceEvents.find(({ name }) => name === pictureMark);
  const tasks = mark
    ? traceEvents.filter(
        ({ name, pid, tid, ts }) => name === taskName && pid === mark.pid && tid === mark.tid && ts < mark.ts,
      )
    : [];
  const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0) / 1000;
  return {
    busyMs: sum(tasks.map(({ dur = 0, tdur = dur }) => tdur)),
    blockingMs: sum(tasks.map(({ dur = 0 }) => Math.max(0, dur - 50_000))),
  };
}

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

const playing = demoPages.filter(({ plays }) => plays).map(({ path }) => path);
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
const addresses = positionals.length > 0 ? positionals : playing;
const built = values.origin ? null : await serveBuiltPages(playing);
const origin = built?.origin ?? values.origin;
console.log('page                        first picture    busy  blocking    shift');
try {
  for (const address of addresses) {
    const rounds: PageFigures[] = [];
    for (let round = 0; round < Number(values.rounds); round += 1)
      rounds.push(await measure(browser, new URL(address, origin).href));
    const middle = (name: keyof PageFigures): number => median(rounds.map((figures) => figures[name]));
    const cell = (name: keyof PageFigures, width: number): string =>
      `${Math.round(middle(name))} ms`.padStart(width);
    const shift = Math.max(...rounds.map((figures) => figures.shift));
    const isFine = middle('firstPictureMs') > 0 && middle('busyMs') <= mostBusyMs && shift <= mostShift;
    if (!isFine) process.exitCode = 1;
    console.log(
      address.padEnd(28),
      cell('firstPictureMs', 12),
      cell('busyMs', 7),
      cell('blockingMs', 8),
      shift.toFixed(4).padStart(8),
      isFine ? '' : ' ✗',
    );
  }
} finally {
  await browser.close();
  await built?.close();
}
