import { createServer } from 'node:http';
import { type Backend, createBackend } from '../../../demo/backend/backend.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import type { SchemeCount } from '../../../demo/backend/schemes/scheme-counts.js';
import { schemeTable } from '../../../demo/backend/schemes/scheme-table.js';
import { referenceCheck } from '../../doubles/reference-checks/reference-check.js';
import { bundleScript } from '../page-bundles.js';
import type { SchemeRun, SchemeRunFigures } from '../pages/schemes.js';
import type { Bench, Cell } from '../report/bench-report.js';
import { visitPage } from '../visit-page.js';

const ttlSeconds = 6;
const switchEveryMs = 5000;
/** Players at once: more decoders would stall the control, too. */
const atOnce = 4;
/** Two players on two cores do not get the same share of them. */
const toleratedMs = 250;
const streams = { live: 'demo', recording: 'demo-vod' } as const;

interface RowFigures {
  readonly scheme: string;
  readonly label: string;
  readonly way: string;
  readonly stream: keyof typeof streams;
  readonly stalledMs: number;
  readonly controlStalledMs: number;
  readonly reloads: number;
  /** Errors of hls.js with a status 401 or 403, and all others. */
  readonly refusedInEngine: number;
  readonly otherErrors: readonly string[];
  readonly failures: readonly string[];
  readonly refusedAtOrigin: Readonly<Record<string, number>>;
  readonly tokenRequests: number;
  readonly renewedByOrigin: number;
  /** Tokens at the origin that do not belong there, and at the other origin. */
  readonly foreignTokens: number;
}

/** Playback with each token scheme, with tokens that live six seconds, live and recorded. */
export const measureSchemes: Bench = async ({ isQuick, tell }) => {
  const seconds = isQuick ? 10 : 40;
  const backend = await createBackend({ tokenTtlSeconds: ttlSeconds, schemeCheck: referenceCheck });
  const media = await backend.listen();
  const page = await servePage();
  const figures: RowFigures[] = [];
  try {
    for (const stream of Object.keys(streams) as (keyof typeof streams)[]) {
      for (const names of batches()) {
        tell(`${stream}, ${names.join(', ')}, ${seconds} s`);
        const run = { seconds, ttlSeconds, switchEveryMs, schemes: names, stream: streams[stream] };
        figures.push(...(await measure(backend, page.origin, { ...run, origin: media.origin }, stream)));
      }
    }
  } finally {
    await page.close();
    await media.close();
  }
  const sum = (of: (row: RowFigures) => number): number => figures.reduce((total, row) => total + of(row), 0);
  const aims = [
    { aim: 'no reload', measured: sum(({ reloads }) => reloads) },
    { aim: 'no refusal that reached the engine', measured: sum((row) => row.refusedInEngine) },
    { aim: 'no failure of a token or of playback', measured: sum((row) => row.failures.length) },
    { aim: 'no token at another origin', measured: sum((row) => row.foreignTokens) },
    {
      aim: `rows that stalled more than ${toleratedMs} ms longer than the control`,
      measured: figures.filter((row) => row.stalledMs > row.controlStalledMs + toleratedMs).length,
    },
  ];
  return {
    tables: [table(figures, seconds)],
    aims: aims.map((aim) => ({ ...aim, isMet: aim.measured === 0 })),
    figures: { seconds, ttlSeconds, switchEveryMs, rows: figures },
  };
};

function batches(): string[][] {
  // Those that switch renditions together, because the control switches with them.
  const names = [...schemeTable]
    .sort((left, right) => Number(left.way === 'playlists') - Number(right.way === 'playlists'))
    .map(({ name }) => name);
  return Array.from({ length: Math.ceil(names.length / atOnce) }, (_, index) =>
    names.slice(index * atOnce, (index + 1) * atOnce),
  );
}

async function measure(
  backend: Backend,
  address: string,
  run: SchemeRun,
  stream: keyof typeof streams,
): Promise<RowFigures[]> {
  const counts = `${run.origin}/api/schemes/counts`;
  await backend.fetch(new Request(counts, { method: 'DELETE' }));
  const played: SchemeRunFigures = await visitPage(address, async (page) => {
    await page.waitForFunction(() => 'runSchemes' in window);
    return page.evaluate((settings) => window.runSchemes(settings), run);
  });
  const answer = (await (await backend.fetch(new Request(counts))).json()) as { counts: SchemeCount[] };
  const countOf = (scheme: string): SchemeCount | undefined =>
    answer.counts.find((each) => each.scheme === scheme && each.stream === run.stream);
  return schemeTable.flatMap(({ name, label, way }): RowFigures[] => {
    const row = played.rows[name];
    if (!row) return [];
    const count = countOf(name);
    const isRefusal = (error: string): boolean => /40[13]/.test(error);
    return [
      {
        ...{ scheme: name, label, way, stream },
        stalledMs: row.stalledMs,
        controlStalledMs: played.control.stalledMs,
        reloads: row.reloads,
        refusedInEngine: row.errors.filter(isRefusal).length,
        otherErrors: row.errors.filter((error) => !isRefusal(error)),
        failures: row.failures,
        refusedAtOrigin: count?.refused ?? {},
        tokenRequests: count?.tokens ?? 0,
        renewedByOrigin: count?.renewed ?? 0,
        foreignTokens: (count?.foreign ?? 0) + (countOf(`elsewhere/${name}`)?.foreign ?? 0),
      },
    ];
  });
}

/** A page of an origin of its own with the player and hls.js from source. */
async function servePage(): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const scripts = new Map((await bundleScript('schemes')).map(({ path, code }) => [path, code]));
  const server = createServer(
    toNodeHandler((request) => {
      const { pathname } = new URL(request.url);
      const script = scripts.get(pathname);
      if (script !== undefined)
        return new Response(script, { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } });
      const html =
        '<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,"><script type="module" src="/schemes.js"></script>';
      return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    }),
  );
  await listen(server, 0, '127.0.0.1');
  return { origin: originOf(server), close: () => stopServer(server) };
}

function table(figures: readonly RowFigures[], seconds: number) {
  return {
    title: `${seconds} s with each scheme, tokens of ${ttlSeconds} s; tokens in playlists: another rendition and audio every ${switchEveryMs / 1000} s`,
    columns: [
      ...['', 'way', 'stream', 'stalled ms', 'control', 'reloads', '401/403 in the engine'],
      ...['at the origin', 'token requests', 'renewed by the origin', 'foreign tokens', 'failures'],
    ],
    rows: figures.map((row): Cell[] => [
      ...[row.label, row.way, row.stream, row.stalledMs, row.controlStalledMs, row.reloads],
      row.refusedInEngine,
      Object.entries(row.refusedAtOrigin)
        .map(([code, count]) => `${count} ${code}`)
        .join(', ') || 0,
      ...[row.tokenRequests, row.renewedByOrigin, row.foreignTokens],
      row.failures.join(', ') || 0,
    ]),
  };
}
