import { join } from 'node:path';
import { coresNeeded, simulateCrowd, writeCrowd } from '../crowd.js';
import { simulateOutage, type OutageOptions } from '../outage.js';
import type { Bench } from '../report/bench-report.js';
import { measureServerMint } from '../server-mint.js';

const mostPeakToMean = 1.3;
const mostPerViewer = 13;

const outages: readonly (readonly [name: string, options: OutageOptions])[] = [
  ['503', {}],
  ['503 with Retry-After: 10', { retryAfterSeconds: 10 }],
  ['no response for 10 s', { failsAfterMs: 10_000 }],
];

/** Token requests of a crowd that starts at once, over half an hour, and the cores needed to answer them. */
export const measureCrowd: Bench = async ({ isQuick, tell, folder }) => {
  // No fewer viewers for a quick run: random variation would make the relative peak higher.
  const viewers = 1_000_000;
  tell(`${viewers} viewers`);
  const crowd = simulateCrowd({ viewers });
  writeCrowd(crowd, join(folder, 'crowd-series.json'));
  const settings = { rounds: isQuick ? 1 : 3, roundMs: 500, warmUpMs: 800 };
  const rates: Record<string, number> = {};
  for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
    tell(`what a core mints with ${alg}`);
    rates[alg] = (await measureServerMint(alg, settings)).httpTokensPerCore;
  }
  const cores = coresNeeded(crowd, rates);
  const failed = [60, 300].flatMap((tokenSeconds) =>
    outages.map(([name, options]) => {
      tell(`an outage with tokens of ${tokenSeconds} s: ${name}`);
      return { tokenSeconds, name, ...simulateOutage({ viewers, tokenSeconds, ...options }) };
    }),
  );
  const mostAsked = Math.max(...failed.map((each) => each.mostPerViewer));
  const { perSecond: _, ...figures } = crowd;
  return {
    tables: [
      {
        title: `${viewers} viewers within 10 s, tokens of 5 minutes, requests a second (crowd-series.svg)`,
        columns: ['', 'at the start', 'mean after', 'peak after', 'peak to mean'],
        rows: [['crowd', crowd.startPeak, crowd.steadyMean, crowd.steadyPeak, crowd.peakToMean]],
      },
      {
        title: 'Cores for it',
        columns: ['', 'tokens a core', 'steady', 'start'],
        rows: cores.map(({ alg, steady, start }) => [alg, rates[alg] ?? '', steady, start]),
      },
      {
        title: `The same viewers in an outage of the backend for 60 s, requests a second`,
        columns: [
          'tokens, outage',
          'before',
          'peak during',
          'peak after',
          'a viewer, in a minute',
          'viewers without a token',
          'half, 95 %, all have one after',
        ],
        rows: failed.map((each) => [
          `${each.tokenSeconds} s, ${each.name}`,
          each.steadyMean,
          each.peakDuring,
          each.peakAfter,
          each.mostPerViewer,
          each.withoutToken,
          each.back.map((seconds) => `${seconds} s`).join(', '),
        ]),
      },
    ],
    aims: [
      {
        aim: `peak after the first refresh at most ${mostPeakToMean} of the mean`,
        measured: crowd.peakToMean,
        isMet: crowd.peakToMean <= mostPeakToMean,
      },
      {
        aim: `at most ${mostPerViewer} requests of a viewer in any minute of an outage`,
        measured: mostAsked,
        isMet: mostAsked <= mostPerViewer,
      },
    ],
    figures: { ...figures, tokensPerCore: rates, cores, outages: failed },
  };
};
