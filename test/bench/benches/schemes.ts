import { createServer } from 'node:http';
import { type Backend, createBackend } from '../../../demo/backend/backend.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import type { SchemeCount } from '../../../demo/backend/schemes/scheme-counts.js';
import { schemeTable } from '../../../demo/backend/schemes/scheme-table.js';
import { referenceCheck } from '../../doubles/reference-checks/reference-check.js';
import { handWrittenPages } from '../by-hand/hand-written-pages.js';
import type { HandWrittenSource } from '../by-hand/measure-by-hand.js';
import { countSchemes } from '../lines/scheme-lines.js';
import { bundleScript } from '../page-bundles.js';
import type { SchemeRun, SchemeRunFigures } from '../pages/schemes.js';
import type { Bench } from '../report/bench-report.js';
import { visitPage } from '../visit-page.js';
import {
  type SchemePage,
  type SchemeRowFigures,
  schemesTable,
  type SchemeStreamKind,
} from './schemes-table.js';

const ttlSeconds = 6;
const switchEveryMs = 5000;
/** Players at once: more decoders would stall the control, too. */
const atOnce = 4;
/** Two players on two cores do not get the same share of them. */
const toleratedMs = 250;
const streams = { live: 'demo', VOD: 'demo-vod' } as const satisfies Record<SchemeStreamKind, string>;

/**
 * Playback with each token scheme, with tokens that live six seconds, live and recorded: with the player, and with `isByHand`
 * also with the page that a team writes with hls.js.
 */
export const measureSchemes: Bench = async ({ isQuick, isByHand = false, tell }) => {
  const seconds = isQuick ? 10 : 40;
  const lines = await countSchemes();
  const backend = await createBackend({ tokenTtlSeconds: ttlSeconds, schemeCheck: referenceCheck });
  const media = await backend.listen();
  const page = await servePage();
  const pages: readonly SchemePage[] = isByHand ? ['Gatecast', 'by hand'] : ['Gatecast'];
  const rows: SchemeRowFigures[] = [];
  try {
    for (const stream of ['live', 'VOD'] as const) {
      for (const schemes of batches()) {
        for (const kind of pages) {
          tell(`${stream}, ${kind}, ${schemes.join(', ')}, ${seconds} s`);
          const run = { seconds, ttlSeconds, switchEveryMs, schemes, stream: streams[stream] };
          const handWritten = kind === 'by hand' && { handWritten: handWrittenSources() };
          const settings = { ...run, ...handWritten, origin: media.origin };
          rows.push(...(await measure(backend, page.origin, settings, { page: kind, stream })));
        }
      }
    }
  } finally {
    await page.close();
    await media.close();
  }
  const own = rows.filter((row) => row.page === 'Gatecast');
  const sum = (of: (row: SchemeRowFigures) => number): number =>
    own.reduce((total, row) => total + of(row), 0);
  const aims = [
    { aim: 'no reload', measured: sum(({ reloads }) => reloads) },
    { aim: 'no refusal that reached the engine', measured: sum((row) => row.refusedInEngine) },
    { aim: 'no failure of a token or of playback', measured: sum((row) => row.failures.length) },
    { aim: 'no token at another origin', measured: sum((row) => row.foreignTokens) },
    {
      aim: `rows that stalled more than ${toleratedMs} ms longer than the control`,
      measured: own.filter((row) => row.stalledMs > row.controlStalledMs + toleratedMs).length,
    },
  ];
  if (isByHand) {
    const idle = rows.filter((row) => row.page === 'by hand' && row.failures.length > 0);
    aims.push({ aim: 'hand-written pages that did not start', measured: idle.length });
  }
  const title =
    `${seconds} s with each scheme, tokens of ${ttlSeconds} s; tokens in playlists: another rendition and audio every ` +
    `${switchEveryMs / 1000} s`;
  return {
    tables: [schemesTable(title, sortBySchemes(rows), lines)],
    aims: aims.map((aim) => ({ ...aim, isMet: aim.measured === 0 })),
    figures: { seconds, ttlSeconds, switchEveryMs, rows, lines },
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

/** The page for each scheme, which needs the address of the first playlist also where the answer names it. */
function handWrittenSources(): Record<string, HandWrittenSource> {
  const sources = schemeTable.flatMap(({ name, entry = '{stream}/index.m3u8' }) => {
    const written = handWrittenPages[name];
    return written ? [[name, { module: written.module, src: `/cdn/${name}/${entry}` }] as const] : [];
  });
  return Object.fromEntries(sources);
}

/** Both pages of a scheme together. */
function sortBySchemes(rows: readonly SchemeRowFigures[]): SchemeRowFigures[] {
  const order = schemeTable.map(({ name }) => name);
  return [...rows].sort((left, right) => order.indexOf(left.scheme) - order.indexOf(right.scheme));
}

async function measure(
  backend: Backend,
  address: string,
  run: SchemeRun,
  kind: Pick<SchemeRowFigures, 'page' | 'stream'>,
): Promise<SchemeRowFigures[]> {
  const counts = `${run.origin}/api/schemes/counts`;
  await backend.fetch(new Request(counts, { method: 'DELETE' }));
  const played: SchemeRunFigures = await visitPage(address, async (page) => {
    await page.waitForFunction(() => 'runSchemes' in window);
    return page.evaluate((settings) => window.runSchemes(settings), run);
  });
  const answer = (await (await backend.fetch(new Request(counts))).json()) as { counts: SchemeCount[] };
  const countOf = (scheme: string): SchemeCount | undefined =>
    answer.counts.find((each) => each.scheme === scheme && each.stream === run.stream);
  return schemeTable.flatMap(({ name, label, way }): SchemeRowFigures[] => {
    const row = played.rows[name];
    if (!row) return [];
    const count = countOf(name);
    const isRefusal = (error: string): boolean => /40[13]/.test(error);
    return [
      {
        ...{ ...kind, scheme: name, label, way },
        stalledMs: row.stalledMs,
        controlStalledMs: played.control.stalledMs,
        longestMs: row.longestMs,
        controlLongestMs: played.control.longestMs,
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
