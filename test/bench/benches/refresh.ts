import { startBenchSite, type PageOptions } from '../bench-site.js';
import { buildPageBundles } from '../page-bundles.js';
import type { Bench } from '../report/bench-report.js';
import { watchLive, type LiveFigures } from '../watch-live.js';
import type { PageKind } from '../write-page.js';

const tokenTtlSeconds = 6;
/** The element renews a quarter of the lifetime before expiry. */
const renewEveryMs = 4500;
const roundTripMs = 40;

const pages = [
  ['gatecast', {}],
  ['mux-player', { renewEveryMs }],
  ['hand-written', {}],
] as const satisfies readonly (readonly [PageKind, PageOptions])[];

const labels: Partial<Record<PageKind, string>> = {
  'mux-player': 'mux-player, new source by timer',
  'hand-written': 'hand-written, reload on 403',
};

/** Live playback with tokens that live six seconds. */
export const measureRefresh: Bench = async ({ isQuick, tell }) => {
  const seconds = isQuick ? 15 : 40;
  const bundles = await buildPageBundles();
  const site = await startBenchSite({ bundles, roundTripMs, tokenTtlSeconds });
  try {
    const figures: LiveFigures[] = [];
    for (const [page, options] of pages) {
      tell(`${page}, ${seconds} s`);
      figures.push(await watchLive(site, page, { ...options, seconds }));
    }
    const [own] = figures;
    const untouched = own && own.stalls + own.reloads + own.refused401 + own.refused403;
    return {
      tables: [
        {
          title: `${seconds} s of live playback, tokens of ${tokenTtlSeconds} s, round trip ${roundTripMs} ms`,
          columns: ['', 'stalls', 'stalled ms', 'longest ms', 'reloads', '401', '403', 'token requests'],
          rows: figures.map(({ page, longestGapMs: _, ...counts }) => [
            labels[page] ?? page,
            ...Object.values(counts),
          ]),
        },
      ],
      aims: [
        {
          aim: 'gatecast: no stall, reload, 401 or 403',
          measured: untouched ?? 'not measured',
          isMet: untouched === 0,
        },
      ],
      figures: { seconds, tokenTtlSeconds, roundTripMs, renewEveryMs, pages: figures },
    };
  } finally {
    await site.close();
  }
};
