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
    readonly rows: readonly {
      readonly page: string;
      readonly reloads: number;
      readonly stalls: number;
      readonly stallMs: number;
      /** Number of responses with 401 or 403. */
      readonly refused: number;
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
  readonly pages: readonly Omit<LiveFigures, 'longestStallMs' | 'longestGapMs' | 'tokenRequests'>[];
}>;

/** Selects the figures from two reports of `npm run bench`. */
export function takeFigures(startup: StartupReport, refresh: RefreshReport): Figures {
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
    refresh: {
      seconds: refresh.figures.seconds,
      tokenTtlSeconds: refresh.figures.tokenTtlSeconds,
      rows: refresh.figures.pages.map(({ page, reloads, stalls, stallMs, refused401, refused403 }) => ({
        page,
        reloads,
        stalls,
        stallMs,
        refused: refused401 + refused403,
      })),
    },
  };
}

/** The table of the README: start-up at each measured round trip, the main thread, and the cost of token refreshes. */
export function figuresTable({ startup, refresh }: Figures): string {
  const trips = startup.roundTrips.toSorted((left, right) => left.roundTripMs - right.roundTripMs);
  const pages = trips.at(-1)?.rows.map(({ page }) => page) ?? [];
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

const tableMarks = /(<!-- figures -->\n\n)[\s\S]*?(\n\n<!-- end of figures -->)/;

/** Returns the README with a table of these figures. @throws Error when the markers around the table are missing. */
export function putTable(readme: string, figures: Figures): string {
  if (!tableMarks.test(readme)) throw new Error('README.md has no marks around its table of figures.');
  return readme.replace(tableMarks, (_, start: string, end: string) => start + figuresTable(figures) + end);
}
