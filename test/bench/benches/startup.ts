import type { Page } from 'playwright-core';
import { startBenchSite, type BenchSite } from '../bench-site.js';
import { broadband } from '../network/shaped-network.js';
import { buildPageBundles } from '../page-bundles.js';
import type { Aim, Bench, Table } from '../report/bench-report.js';
import { median, quantile, round } from '../statistics.js';
import { visitPage, waitForMark } from '../visit-page.js';
import { formatWaterfall, readWaterfall, type WaterfallRow } from '../waterfall.js';
import type { PageKind } from '../write-page.js';

const contenders = [
  'hand-written',
  'hand-written with token',
  'hls-video-element',
  'mux-player',
  'gatecast',
  'gatecast with playlists',
  'gatecast with playlists and preconnect',
] as const satisfies readonly PageKind[];
type Contender = (typeof contenders)[number];

const usualRoundTripsMs = [0, 40, 100];

interface StartRun {
  readonly contender: Contender;
  /** From navigation to first frame. */
  readonly fromNavigationMs: number;
  /** From the arrival of the page's main script to the first frame. */
  readonly fromScriptMs: number;
  readonly waterfall: readonly WaterfallRow[];
}

export interface StartFigures {
  readonly contender: Contender;
  readonly fromNavigationMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly fromScriptMs: number;
  /** Median of the ratios to the hand-written page of the same round. */
  readonly ratio: number;
  readonly runs: readonly number[];
  /** Requests of the run closest to the median. */
  readonly waterfall: readonly WaterfallRow[];
}

/** Time to first frame, compared with players that a page would use without Gatecast. */
export const measureStartup: Bench = async (options) => {
  const {
    isQuick,
    rounds = isQuick ? 3 : 9,
    roundTripsMs = usualRoundTripsMs,
    isHttp1 = false,
    tell,
  } = options;
  const setUpFor = isHttp1 ? 'connection' : 'origin';
  tell('building the pages of all contenders');
  const bundles = await buildPageBundles();
  const figures: { roundTripMs: number; contenders: StartFigures[] }[] = [];
  for (const roundTripMs of roundTripsMs) {
    const site = await startBenchSite({ bundles, roundTripMs, tokenTtlSeconds: 30, setUpFor });
    const tellRound = (round: number) => tell(`round trip ${roundTripMs} ms, round ${round} of ${rounds}`);
    const results = await runRounds(site, rounds, tellRound).finally(() => site.close());
    figures.push({ roundTripMs, contenders: contenders.map((contender) => summarize(contender, results)) });
  }
  return {
    tables: [
      ...figures.map(({ roundTripMs, contenders: rows }) => toTable(roundTripMs, rows, rounds)),
      ...waterfallTables(figures.at(-1)),
    ],
    aims: figures.flatMap(({ roundTripMs, contenders: rows }) => aimsOf(roundTripMs, rows)),
    figures: { rounds, network: { ...broadband, setUpFor }, roundTrips: figures },
  };
};

/** Runs each contender once per round. The order rotates, so that drift of the machine affects all equally. */
async function runRounds(
  site: BenchSite,
  rounds: number,
  tellRound: (round: number) => void,
): Promise<StartRun[][]> {
  const results: StartRun[][] = [];
  for (let index = 0; index < rounds; index += 1) {
    tellRound(index + 1);
    const shift = index % contenders.length;
    const order = [...contenders.slice(shift), ...contenders.slice(0, shift)];
    const runs: StartRun[] = [];
    for (const contender of order) runs.push(await runOnce(site, contender));
    results.push(runs);
  }
  return results;
}

async function runOnce(site: BenchSite, contender: Contender): Promise<StartRun> {
  const address = await site.addPage(contender);
  return visitPage(address, async (page) => {
    const fromNavigationMs = await waitForMark(page, 'first-frame');
    const waterfall = await readWaterfall(page, fromNavigationMs);
    return {
      contender,
      fromNavigationMs,
      fromScriptMs: fromNavigationMs - (await scriptArrivalMs(page)),
      waterfall,
    };
  });
}

function scriptArrivalMs(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { src } = document.querySelector<HTMLScriptElement>('script[src]') ?? {};
    const [entry] = src === undefined ? [] : performance.getEntriesByName(src, 'resource');
    return (entry as PerformanceResourceTiming | undefined)?.responseEnd ?? NaN;
  });
}

function summarize(contender: Contender, rounds: readonly (readonly StartRun[])[]): StartFigures {
  const find = (runs: readonly StartRun[], name: Contender) => runs.find((run) => run.contender === name);
  const own = rounds.flatMap((runs) => find(runs, contender) ?? []);
  const times = own.map(({ fromNavigationMs }) => fromNavigationMs);
  const ratios = rounds.map(
    (runs) =>
      (find(runs, contender)?.fromNavigationMs ?? NaN) /
      (find(runs, 'hand-written')?.fromNavigationMs ?? NaN),
  );
  const middle = median(times);
  const typical = own.toSorted(
    (a, b) => Math.abs(a.fromNavigationMs - middle) - Math.abs(b.fromNavigationMs - middle),
  )[0];
  return {
    contender,
    fromNavigationMs: round(middle),
    fastestMs: round(quantile(times, 0)),
    slowestMs: round(quantile(times, 1)),
    fromScriptMs: round(median(own.map(({ fromScriptMs }) => fromScriptMs))),
    ratio: round(median(ratios), 2),
    runs: times.map((time) => round(time)),
    waterfall: typical?.waterfall ?? [],
  };
}

function toTable(roundTripMs: number, rows: readonly StartFigures[], rounds: number): Table {
  return {
    title: `First picture, round trip ${roundTripMs} ms, 20 Mbit/s, median of ${rounds} (ms)`,
    columns: ['', 'from navigation', 'fastest', 'slowest', 'from script', 'ratio'],
    rows: rows.map((row) => [
      row.contender,
      row.fromNavigationMs,
      row.fastestMs,
      row.slowestMs,
      row.fromScriptMs,
      row.ratio.toFixed(2),
    ]),
  };
}

/** Request waterfalls of our own pages, at the longest round trip. */
function waterfallTables(measured?: { roundTripMs: number; contenders: readonly StartFigures[] }): Table[] {
  const { roundTripMs = 0, contenders: rows = [] } = measured ?? {};
  return rows
    .filter(({ contender }) => contender.startsWith('gatecast'))
    .map(({ contender, waterfall }) =>
      formatWaterfall(`Requests of ${contender}, round trip ${roundTripMs} ms`, waterfall),
    );
}

const mostAllowed: Partial<Record<Contender, { delayed: number; local: number }>> = {
  // Without latency, early requests save nothing. There the aim is only not to be slower.
  gatecast: { delayed: 0.85, local: 1.05 },
  'gatecast with playlists': { delayed: 0.6, local: 1.05 },
};

function aimsOf(roundTripMs: number, rows: readonly StartFigures[]): Aim[] {
  return rows.flatMap(({ contender, ratio }) => {
    const allowed = mostAllowed[contender];
    if (!allowed) return [];
    const most = roundTripMs === 0 ? allowed.local : allowed.delayed;
    const aim = `${contender} at ${roundTripMs} ms, at most ${most} of hand-written`;
    return [{ aim, measured: ratio, isMet: ratio <= most }];
  });
}
