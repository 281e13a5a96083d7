/** What `demo/docs/figures.json` holds: the measured figures that README and documentation show, and no others. */
export interface Figures {
  /** Day of the measurement, `YYYY-MM-DD`, and whatever a reader must know of it. */
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
      /** Answers with 401 or 403. */
      readonly refused: number;
    }[];
  };
}

interface Report {
  readonly at: string;
  readonly machine: { readonly cpus: number; readonly model: string; readonly node: string };
}

export interface StartupReport extends Report {
  readonly figures: {
    readonly roundTrips: readonly {
      readonly roundTripMs: number;
      readonly contenders: readonly { readonly contender: string; readonly fromNavigationMs: number }[];
    }[];
  };
}

export interface RefreshReport extends Report {
  readonly figures: {
    readonly seconds: number;
    readonly tokenTtlSeconds: number;
    readonly pages: readonly {
      readonly page: string;
      readonly reloads: number;
      readonly stalls: number;
      readonly stallMs: number;
      readonly refused401: number;
      readonly refused403: number;
    }[];
  };
}

/** The figures of two reports of `npm run bench`. */
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

/** README's table: start-up at the longest round trip that was measured, and what the refreshes cost. */
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

/** The README with the table of these figures. @throws Error when it has no place for one. */
export function putTable(readme: string, figures: Figures): string {
  if (!tableMarks.test(readme)) throw new Error('README.md has no marks around its table of figures.');
  return readme.replace(tableMarks, (_, start: string, end: string) => start + figuresTable(figures) + end);
}
