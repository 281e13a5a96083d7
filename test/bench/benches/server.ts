import { measureServerMint } from '../server-mint.js';
import type { Bench } from '../report/bench-report.js';

/** Wanted throughput over HTTP as a fraction of bare signing, by the CPU time of the server's process. */
const LEAST_SHARE = { RS256: 0.85, ES256: 0.6, EdDSA: 0.6 };

/** Tokens per second and core, signed bare and over HTTP, for each algorithm. */
export const measureServer: Bench = async ({ isQuick, tell }) => {
  const settings = isQuick ? { rounds: 2, roundMs: 500, warmUpMs: 800 } : {};
  const figures = [];
  for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
    tell(alg);
    figures.push(await measureServerMint(alg, settings));
  }
  return {
    tables: [
      {
        title: 'Tokens a second and core',
        columns: [
          '',
          'bare',
          'over HTTP',
          'share',
          'plain node:http and jose',
          'its share',
          'overhead µs',
          'by the clock',
          'median ms',
          'p99 ms',
        ],
        rows: figures.map((each) => [
          each.alg,
          each.bareTokensPerCore,
          each.httpTokensPerCore,
          each.shareOfBare,
          each.plainTokensPerCore,
          each.plainShareOfBare,
          each.overheadMicros,
          each.tokensPerSecond,
          each.medianMs,
          each.p99Ms,
        ]),
      },
    ],
    aims: figures.map(({ alg, shareOfBare }) => ({
      aim: `${alg} over HTTP, at least ${LEAST_SHARE[alg]} of bare signing`,
      measured: shareOfBare,
      isMet: shareOfBare >= LEAST_SHARE[alg],
    })),
    figures,
  };
};
