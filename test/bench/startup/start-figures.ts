import { median, quantile, round } from '../statistics.js';
import type { WaterfallRow } from '../waterfall.js';
import { type Contender, type ContenderName, referenceOf } from './contenders.js';
import { requestChain, type ChainLink } from './request-chain.js';

export interface StartRun {
  readonly contender: ContenderName;
  /** From navigation to first frame. */
  readonly fromNavigationMs: number;
  /** From the arrival of the page's main script to the first frame. */
  readonly fromScriptMs: number;
  readonly waterfall: readonly WaterfallRow[];
}

export interface StartFigures {
  readonly contender: ContenderName;
  readonly fromNavigationMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly fromScriptMs: number;
  /** Median of the ratios to the hand-written page of the same round: its first visit, or its return visit. */
  readonly ratio: number;
  readonly runs: readonly number[];
  /** The requests that the first frame waited for, in the run closest to the median. */
  readonly chain: readonly ChainLink[];
  /** All requests of that run. */
  readonly waterfall: readonly WaterfallRow[];
}

/** Figures of one contender at one round trip, from all rounds. */
export function summarizeRuns(contender: Contender, rounds: readonly (readonly StartRun[])[]): StartFigures {
  const find = (runs: readonly StartRun[], name: ContenderName) => runs.find((run) => run.contender === name);
  const own = rounds.flatMap((runs) => find(runs, contender.name) ?? []);
  const times = own.map(({ fromNavigationMs }) => fromNavigationMs);
  const ratios = rounds.map(
    (runs) =>
      (find(runs, contender.name)?.fromNavigationMs ?? NaN) /
      (find(runs, referenceOf(contender))?.fromNavigationMs ?? NaN),
  );
  const middle = median(times);
  const distance = ({ fromNavigationMs }: StartRun): number => Math.abs(fromNavigationMs - middle);
  const { waterfall = [] } = own.toSorted((a, b) => distance(a) - distance(b))[0] ?? {};
  return {
    contender: contender.name,
    fromNavigationMs: round(middle),
    fastestMs: round(quantile(times, 0)),
    slowestMs: round(quantile(times, 1)),
    fromScriptMs: round(median(own.map(({ fromScriptMs }) => fromScriptMs))),
    ratio: round(median(ratios), 2),
    runs: times.map((time) => round(time)),
    chain: requestChain(waterfall),
    waterfall,
  };
}
