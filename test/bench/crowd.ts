import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refreshAtMs } from '@gatecast/token/internal/manager/refresh-schedule';
import { plotSeries } from './plot-series.js';
import { randomFrom } from './random-from.js';

export interface CrowdOptions {
  /** @defaultValue 1,000,000 */
  readonly viewers?: number;
  /** Period in which all viewers start, in seconds. @defaultValue 10 */
  readonly startSeconds?: number;
  /** Lifetime of a token, in seconds. @defaultValue 300 */
  readonly tokenSeconds?: number;
  /** @defaultValue 1,800 */
  readonly seconds?: number;
  /** Seconds before expiry at which players renew. @defaultValue 60 */
  readonly leadSeconds?: number;
  /** Seed of the random numbers, so that a run can be repeated. @defaultValue 1 */
  readonly seed?: number;
}

export interface CrowdFigures {
  readonly viewers: number;
  /** Token requests per second, one value for each second. */
  readonly perSecond: readonly number[];
  readonly startPeak: number;
  /** Counted after every viewer has renewed once. */
  readonly steadyFromSecond: number;
  readonly steadyMean: number;
  readonly steadyPeak: number;
  readonly peakToMean: number;
}

/** Cores that an algorithm needs for the crowd, based on its measured tokens per second and core. */
export interface CoresNeeded {
  readonly alg: string;
  readonly steady: number;
  /** For the start, when all viewers arrive within seconds. */
  readonly start: number;
}

/**
 * Simulates the token requests of a crowd that starts at once, with the players' own schedule. Assumes immediate
 * responses: a slow backend would only spread the crowd further.
 */
export function simulateCrowd(options: CrowdOptions = {}): CrowdFigures {
  const {
    viewers = 1_000_000,
    startSeconds = 10,
    tokenSeconds = 300,
    seconds = 1800,
    leadSeconds = 60,
  } = options;
  const random = randomFrom(options.seed ?? 1);
  const perSecond = new Array<number>(seconds).fill(0);
  let steadyFromMs = 0;
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    let atMs = random() * startSeconds * 1000;
    for (let refreshes = 0; atMs < seconds * 1000; refreshes += 1) {
      const second = Math.floor(atMs / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
      if (refreshes === 1) steadyFromMs = Math.max(steadyFromMs, atMs);
      atMs = refreshAtMs({
        receivedAtMs: atMs,
        // NumericDate has whole seconds, so a token's expiry is rounded down.
        expiresAtMs: Math.floor(atMs / 1000 + tokenSeconds) * 1000,
        leadMs: leadSeconds * 1000,
        isSteady: refreshes > 0,
        random: random(),
      });
    }
  }
  const steadyFromSecond = Math.ceil(steadyFromMs / 1000);
  const steady = perSecond.slice(steadyFromSecond);
  const steadyMean = steady.reduce((sum, count) => sum + count, 0) / steady.length;
  const steadyPeak = steady.reduce((peak, count) => Math.max(peak, count), 0);
  return {
    viewers,
    perSecond,
    startPeak: Math.max(...perSecond.slice(0, startSeconds + 1)),
    steadyFromSecond,
    steadyMean: Math.round(steadyMean),
    steadyPeak,
    peakToMean: Number((steadyPeak / steadyMean).toFixed(3)),
  };
}

/** @param tokensPerCore - by algorithm, as measured by `server-mint.ts`. */
export function coresNeeded(
  { steadyPeak, startPeak }: CrowdFigures,
  tokensPerCore: Readonly<Record<string, number>>,
): CoresNeeded[] {
  return Object.entries(tokensPerCore).map(([alg, rate]) => ({
    alg,
    steady: Math.ceil(steadyPeak / rate),
    start: Math.ceil(startPeak / rate),
  }));
}

/** Writes the figures as JSON and the requests per second as an SVG file beside it. */
export function writeCrowd(figures: CrowdFigures, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(figures)}\n`);
  const title = `Token requests per second: ${figures.viewers.toLocaleString('en')} viewers, peak to mean ${figures.peakToMean} after the first refresh`;
  writeFileSync(
    path.replace(/\.json$/, '.svg'),
    plotSeries(figures.perSecond, { title, unit: 'requests/s', logarithmic: true }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const figures = simulateCrowd();
  const path = process.argv[2];
  if (path !== undefined) writeCrowd(figures, path);
  const { perSecond: _, ...summary } = figures;
  console.log(JSON.stringify(summary));
}
