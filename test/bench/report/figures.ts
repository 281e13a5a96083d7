import type { StartFigures } from '../startup/start-figures.js';
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

/** The table of the README: start-up at the longest measured round trip, and the cost of token refreshes. */
export function figuresTable({ startup, refresh }: Figures): string {
  const slowest = startup.roundTrips.reduce((left, right) =>
    right.roundTripMs > left.roundTripMs ? right : left,
  );
  const rows = slowest.rows.map(({ page, firstFrameMs }) => {
    const cost = refresh.rows.find((row) => row.page === page);
    const costs = cost ? [cost.reloads, `${cost.stallMs} ms`, cost.refused] : ['–', '–', '–'];
    return [page, `${firstFrameMs} ms`, ...costs];
  });
  const head = [
    'page',
    `first frame at ${slowest.roundTripMs} ms a round trip`,
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
