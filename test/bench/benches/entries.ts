import { startBenchSite, type BenchSite } from '../bench-site.js';
import { buildPageBundles, type PageBundles } from '../page-bundles.js';
import type { Bench, Cell } from '../report/bench-report.js';
import { median, quantile, round } from '../statistics.js';
import { visitPage, waitForMark } from '../visit-page.js';
import { watchLive, type LiveFigures } from '../watch-live.js';

const crowdedTtlSeconds = 12;
const swapTtlSeconds = 6;
/** The element renews a quarter of the lifetime before expiry. */
const renewEveryMs = 4500;
const roundTripMs = 40;

interface RequestFigures {
  readonly seconds: number;
  readonly tokenRequests: number;
  readonly perMinute: number;
  /** Number of renewal rounds. One request per round is the minimum. */
  readonly rounds: number;
  /** Number of streams in each request. */
  readonly streams: readonly number[];
}

interface UpdateFigures {
  readonly updates: number;
  readonly statuses: readonly string[];
  readonly medianMs: number;
  readonly worstMs: number;
  readonly droppedWhileStill: number;
  readonly droppedWhileUpdating: number;
}

/** Costs of tokens: requests, updates in place, and engine swaps where an engine needs them. */
export const measureEntries: Bench = async ({ isQuick, tell }) => {
  const bundles = await buildPageBundles();
  tell('token requests of 20 players with 3 entries each');
  const requests = await withSite(bundles, crowdedTtlSeconds, (site) =>
    countRequests(site, isQuick ? 25 : 75),
  );
  tell('updates in place');
  const updates = await withSite(bundles, 60, measureUpdates);
  tell('swaps of native HLS and of the vendor’s player');
  const seconds = isQuick ? 12 : 40;
  const swaps = await withSite(bundles, swapTtlSeconds, (site) => measureSwaps(site, seconds));
  return {
    tables: [requestTable(requests), updateTable(updates), swapTable(swaps, seconds)],
    aims: [
      {
        aim: 'one token request for each refresh round',
        measured: round(requests.tokenRequests / requests.rounds, 2),
        isMet: requests.tokenRequests === requests.rounds,
      },
      {
        aim: 'updateSource in place under 2 ms',
        measured: updates.medianMs,
        isMet: updates.medianMs < 2 && updates.statuses.every((status) => status === 'updated'),
      },
      {
        aim: 'no frame dropped by updateSource',
        measured: updates.droppedWhileUpdating - updates.droppedWhileStill,
        isMet: updates.droppedWhileUpdating <= updates.droppedWhileStill,
      },
    ],
    figures: { requests, updates, swaps },
  };
};

async function withSite<Result>(
  bundles: PageBundles,
  tokenTtlSeconds: number,
  measure: (site: BenchSite) => Promise<Result>,
): Promise<Result> {
  const site = await startBenchSite({ bundles, roundTripMs, tokenTtlSeconds });
  try {
    return await measure(site);
  } finally {
    await site.close();
  }
}

async function countRequests(site: BenchSite, seconds: number): Promise<RequestFigures> {
  const address = await site.addPage('gatecast entries');
  const startedAtMs = Date.now();
  return visitPage(address, async (page) => {
    await waitForMark(page, 'media-source');
    await page.waitForTimeout(seconds * 1000);
    const asked = (await site.requestsSince(startedAtMs)).filter(({ kind }) => kind === 'token');
    return {
      seconds,
      tokenRequests: asked.length,
      perMinute: round((asked.length / seconds) * 60, 1),
      rounds: countRounds(asked.map(({ atMs }) => atMs)),
      streams: asked.map(({ streams = [] }) => streams.length),
    };
  });
}

/** Requests that are closer together than two renewals of one token belong to the same round. */
function countRounds(timesMs: readonly number[]): number {
  const apartMs = (crowdedTtlSeconds * 1000) / 3;
  let beganMs = -Infinity;
  return timesMs.reduce((rounds, atMs) => {
    if (atMs - beganMs < apartMs) return rounds;
    beganMs = atMs;
    return rounds + 1;
  }, 0);
}

async function measureUpdates(site: BenchSite): Promise<UpdateFigures> {
  const address = await site.addPage('gatecast updateSource', { stream: 'demo-low' });
  return visitPage(address, async (page) => {
    await waitForMark(page, 'updates-done', 90_000);
    const { measures, dropped } = await page.evaluate(() => ({
      measures: performance.getEntriesByName('update-source').map((entry) => ({
        durationMs: entry.duration,
        status: String((entry as PerformanceMeasure).detail),
      })),
      dropped: (performance.getEntriesByName('updates-done')[0] as PerformanceMark).detail as {
        droppedWhileStill: number;
        droppedWhileUpdating: number;
      },
    }));
    const times = measures.map(({ durationMs }) => durationMs);
    return {
      updates: measures.length,
      statuses: measures.map(({ status }) => status),
      medianMs: round(median(times), 2),
      worstMs: round(quantile(times, 1), 2),
      ...dropped,
    };
  });
}

async function measureSwaps(site: BenchSite, seconds: number): Promise<LiveFigures[]> {
  const options = { stream: 'demo-low', seconds };
  return [
    await watchLive(site, 'gatecast', options),
    await watchLive(site, 'gatecast native', options),
    await watchLive(site, 'native reload', { ...options, renewEveryMs }),
    await watchLive(site, 'gatecast nanoplayer (a double)', options),
    await watchLive(site, 'nanoplayer reload (a double)', { ...options, renewEveryMs }),
  ];
}

function requestTable({ seconds, tokenRequests, perMinute, rounds, streams }: RequestFigures) {
  return {
    title: `Token requests, 20 players with 3 entries each, tokens of ${crowdedTtlSeconds} s, ${seconds} s`,
    columns: ['', 'requests', 'a minute', 'rounds', 'streams in each'],
    rows: [['one page', tokenRequests, perMinute, rounds, streams.join(' ')] as Cell[]],
  };
}

function updateTable(figures: UpdateFigures) {
  const { updates, medianMs, worstMs, droppedWhileStill, droppedWhileUpdating } = figures;
  return {
    title: `${updates} updates of a playing source with new tokens`,
    columns: ['', 'median ms', 'worst ms', 'frames dropped', 'dropped in the same time without'],
    rows: [['updateSource', medianMs, worstMs, droppedWhileUpdating, droppedWhileStill] as Cell[]],
  };
}

function swapTable(figures: readonly LiveFigures[], seconds: number) {
  const perReload = ({ stallMs, reloads }: LiveFigures): Cell =>
    reloads > 0 ? round(stallMs / reloads) : 'none';
  return {
    title: `New tokens of ${swapTtlSeconds} s while playing, ${seconds} s`,
    columns: ['', 'sources', 'stalled ms', 'longest ms', 'stalled ms each', 'longest gap ms', '401', '403'],
    rows: figures.map((each): Cell[] => [
      each.page,
      each.reloads,
      each.stallMs,
      each.longestStallMs,
      perReload(each),
      each.longestGapMs,
      each.refused401,
      each.refused403,
    ]),
  };
}
