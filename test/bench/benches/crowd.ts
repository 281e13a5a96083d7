import { join } from 'node:path';
import { coresNeeded, simulateCrowd, writeCrowd } from '../crowd.js';
import type { Bench } from '../report/bench-report.js';
import { measureServerMint } from '../server-mint.js';

const mostPeakToMean = 1.3;

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
    ],
    aims: [
      {
        aim: `peak after the first refresh at most ${mostPeakToMean} of the mean`,
        measured: crowd.peakToMean,
        isMet: crowd.peakToMean <= mostPeakToMean,
      },
    ],
    figures: { ...figures, tokensPerCore: rates, cores },
  };
};
