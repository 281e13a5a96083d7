import type { StartFigures } from '../startup/start-figures.js';
import type { MainThreadFigures } from '../startup/start-tables.js';
import type { LiveFigures } from '../watch-live.js';

/** Content of `demo/docs/figures.json`: exactly the measured figures that README and documentation show. */
export interface Figures {
  /** Day of the measurement, `YYYY-MM-DD`. */
  readonly measuredOn: string;
  readonly machine: string;
  readonly startup: {
    readonly roundTrips: readonly {
      readonly roundTripMs: number;
      readonly rows: readonly { readonly page: string; readonly firstFrameMs: number }[];
    }[];
    /** Processor time of the main thread until the first frame. Not measured for return visits. */
    readonly mainThread: readonly { readonly page: string; readonly busyMs: number }[];
  };
  readonly refresh: {
    readonly seconds: number;
    readonly tokenTtlSeconds: number;
    readonly roundTripMs: number;
    readonly rows: readonly {
      readonly page: string;
      readonly reloads: number;
      readonly stalls: number;
      readonly stallMs: number;
      /** Number of responses with 401 or 403. */
      readonly refused: number;
      /** When it was measured, and how often. Not all rows are of the same run. */
      readonly run: string;
    }[];
  };
}

/** The parts of a report in `.build/bench` (from `npm run bench`) that are shown. */
interface SavedReport<Shown> {
  /** Start of the run, ISO 8601. */
  readonly at: string;
  readonly machine: { readonly cpus: number; readonly model: string; readonly node: string };
  readonly figures: Shown;
}

export type StartupReport = SavedReport<{
  readonly roundTrips: readonly {
    readonly roundTripMs: number;
    readonly contenders: readonly Pick<StartFigures, 'contender' | 'fromNavigationMs'>[];
  }[];
  readonly mainThread: readonly MainThreadFigures[];
}>;

export type RefreshReport = SavedReport<{
  readonly seconds: number;
  readonly tokenTtlSeconds: number;
  readonly roundTripMs: number;
  readonly rounds: number;
  readonly pages: readonly Omit<LiveFigures, 'longestStallMs' | 'longestGapMs' | 'tokenRequests'>[];
}>;

/**
 * Selects the figures from reports of `npm run bench`. What they did not measure keeps its earlier figures: the start-up, and
 * each page of the refresh test.
 */
export function takeFigures(
  startup: StartupReport | undefined,
  refresh: RefreshReport | undefined,
  earlier: Figures,
): Figures {
  return {
    ...earlier,
    ...(startup && takeStartup(startup)),
    ...(refresh && { refresh: takeRefresh(refresh, earlier.refresh.rows) }),
  };
}

function takeStartup(startup: StartupReport): Omit<Figures, 'refresh'> {
  const { cpus, model, node } = startup.machine;
  return {
    measuredOn: startup.at.slice(0, 10),
    machine: `${cpus} cores, ${model}, Node ${node.replace('v', '')}`,
    startup: {
      roundTrips: startup.figures.roundTrips.map(({ roundTripMs, contenders }) => ({
        roundTripMs,
        rows: contenders
          .map(({ contender, fromNavigationMs }) => ({ page: contender, firstFrameMs: fromNavigationMs }))
          .sort((left, right) => left.firstFrameMs - right.firstFrameMs),
      })),
      mainThread: startup.figures.mainThread
        .map(({ contender, times }) => ({ page: contender, busyMs: Math.round(times.total) }))
        .sort((left, right) => left.busyMs - right.busyMs),
    },
  };
}

type RefreshRow = Figures['refresh']['rows'][number];

function takeRefresh({ at, figures }: RefreshReport, earlier: readonly RefreshRow[]): Figures['refresh'] {
  const { seconds, rounds, tokenTtlSeconds, roundTripMs, pages } = figures;
  const run = `${at.slice(0, 16).replace('T', ' ')} UTC, ${rounds === 1 ? '1 round' : `the middle of ${rounds} rounds`}`;
  const rows = pages.map(({ page, reloads, stalls, stallMs, refused401, refused403 }): RefreshRow => ({
    page,
    reloads,
    stalls,
    stallMs,
    refused: refused401 + refused403,
    run,
  }));
  const isNew = ({ page }: RefreshRow): boolean => earlier.every((row) => row.page !== page);
  return {
    seconds,
    tokenTtlSeconds,
    roundTripMs,
    rows: [...earlier.map((row) => rows.find(({ page }) => page === row.page) ?? row), ...rows.filter(isNew)],
  };
}

/** The table of the README: start-up at each measured round trip, the main thread, and the cost of token refreshes. */
export function figuresTable({ startup, refresh }: Figures): string {
  const trips = startup.roundTrips.toSorted((left, right) => left.roundTripMs - right.roundTripMs);
  const started = trips.at(-1)?.rows.map(({ page }) => page) ?? [];
  const refreshed = refresh.rows.map(({ page }) => page).filter((page) => !started.includes(page));
  const pages = [...started, ...refreshed];
  const isReturn = (page: string): boolean => page.endsWith('return visit');
  const rows = [...pages.filter((page) => !isReturn(page)), ...pages.filter(isReturn)].map((page) => {
    const times = trips.map((trip) => trip.rows.find((row) => row.page === page)?.firstFrameMs);
    const busyMs = startup.mainThread.find((row) => row.page === page)?.busyMs;
    const cost = refresh.rows.find((row) => row.page === page);
    const costs = [cost?.reloads, cost && `${cost.stallMs} ms`, cost?.refused];
    return [page, ...times, busyMs, ...costs].map((cell) => cell ?? '–');
  });
  const head = [
    'page',
    ...trips.map(({ roundTripMs }) => `round trip ${roundTripMs} ms`),
    'main thread',
    `reloads in ${refresh.seconds} s`,
    'stalled',
    '401 and 403',
  ];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Says under the table what the columns of the refresh test time, and which rows are of which run. */
export function runsNote({ measuredOn, machine, refresh }: Figures): string {
  const runs = [...new Set(refresh.rows.map(({ run }) => run))].map((run) => {
    const pages = refresh.rows.filter((row) => row.run === run).map(({ page }) => page);
    return `${pages.join(', ')} (${run})`;
  });
  const { seconds, roundTripMs, tokenTtlSeconds } = refresh;
  return [
    `Start-up and main thread were measured on ${measuredOn}: ${machine}.`,
    `The last three columns are from ${seconds} s of live playback after the first frame, with tokens of ${tokenTtlSeconds} s at a round trip of ${roundTripMs} ms: ${runs.join('; ')}.`,
  ].join(' ');
}

const tableMarks = /(<!-- figures -->\n\n)[\s\S]*?(\n\n<!-- end of figures -->)/;

/** Returns the README with a table of these figures. @throws Error when the markers around the table are missing. */
export function putTable(readme: string, figures: Figures): string {
  if (!tableMarks.test(readme)) throw new Error('README.md has no marks around its table of figures.');
  return readme.replace(tableMarks, (_, start: string, end: string) =>
    [start, figuresTable(figures), '\n\n', runsNote(figures), end].join(''),
  );
}
