import { startBenchSite, type PageOptions } from '../bench-site.js';
import { buildPageBundles } from '../page-bundles.js';
import type { Bench } from '../report/bench-report.js';
import { watchLive, type LiveFigures } from '../watch-live.js';
import type { PageKind } from '../write-page.js';

const tokenTtlSeconds = 6;
/** The element renews a quarter of the lifetime before expiry. */
const renewEveryMs = 4500;
const roundTripMs = 40;

const allPages = [
  ['gatecast', {}],
  ['mux-player', { renewEveryMs }],
  ['mux-player with a hook', { renewEveryMs }],
  ['hand-written', {}],
] as const satisfies readonly (readonly [PageKind, PageOptions])[];

const labels: Partial<Record<PageKind, string>> = {
  'mux-player': 'mux-player, new source by timer',
  'mux-player with a hook': 'mux-player, token by timer into _hlsConfig.xhrSetup',
  'hand-written': 'hand-written, reload on 403',
};

/** The round in the middle, by the time that it stalled and then by refusals. */
function middleOf(seen: readonly LiveFigures[]): LiveFigures {
  const cost = ({ stallMs, refused401, refused403 }: LiveFigures): number =>
    stallMs + refused401 + refused403;
  const middle = seen.toSorted((left, right) => cost(left) - cost(right))[Math.floor((seen.length - 1) / 2)];
  if (!middle) throw new RangeError('A bench needs at least one round.');
  return middle;
}

/** Live playback with tokens that live six seconds. */
export const measureRefresh: Bench = async ({ isQuick, rounds = 1, pages = [], tell }) => {
  const chosen = allPages.filter(([page]) => pages.length === 0 || pages.includes(page));
  if (chosen.length === 0) throw new TypeError(`There is no page ${pages.join(', ')}.`);
  const seconds = isQuick ? 15 : 40;
  const bundles = await buildPageBundles();
  const site = await startBenchSite({ bundles, roundTripMs, tokenTtlSeconds });
  try {
    const figures: LiveFigures[] = [];
    for (const [page, options] of chosen) {
      const seen: LiveFigures[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        tell(`${page}, ${seconds} s, round ${round}`);
        seen.push(await watchLive(site, page, { ...options, seconds }));
      }
      figures.push(middleOf(seen));
    }
    const own = figures.find(({ page }) => page === 'gatecast');
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
      aims: own
        ? [
            {
              aim: 'gatecast: no stall, reload, 401 or 403',
              measured: untouched ?? 'not measured',
              isMet: untouched === 0,
            },
          ]
        : [],
      figures: { seconds, rounds, tokenTtlSeconds, roundTripMs, renewEveryMs, pages: figures },
    };
  } finally {
    await site.close();
  }
};
