import type { Table } from '../report/bench-report.js';
import { round } from '../statistics.js';
import type { ContenderName } from './contenders.js';
import { mainThreadSlices, type MainThreadTimes } from './main-thread.js';
import { roundTripsOf } from './request-chain.js';
import type { StartFigures } from './start-figures.js';

export interface MainThreadFigures {
  readonly contender: ContenderName;
  readonly times: MainThreadTimes;
}

export function timesTable(roundTripMs: number, rows: readonly StartFigures[], rounds: number): Table {
  return {
    title: `First picture, round trip ${roundTripMs} ms, 20 Mbit/s, median of ${rounds} (ms)`,
    columns: ['', 'from navigation', 'fastest', 'slowest', 'from script', 'ratio'],
    rows: rows.map((row) => [
      row.contender,
      row.fromNavigationMs,
      row.fastestMs,
      row.slowestMs,
      row.fromScriptMs,
      row.ratio.toFixed(2),
    ]),
  };
}

/** For each contender the requests that followed one another until the first frame, then the frame itself. */
export function chainTable(roundTripMs: number, rows: readonly StartFigures[]): Table {
  const tripsOf = (chain: StartFigures['chain']) =>
    roundTripMs === 0 ? '–' : roundTripsOf(chain, roundTripMs).toFixed(1);
  return {
    title: `Requests that the first frame waited for, one after another, round trip ${roundTripMs} ms (ms since navigation)`,
    columns: ['', 'pause before', 'asked', 'first byte', 'end', 'round trips'],
    rows: rows.flatMap(({ contender, chain, waterfall }) => {
      const shownMs = waterfall.find(({ isMark, name }) => isMark && name === 'first-frame')?.startMs ?? NaN;
      const pauseMs = shownMs - (chain.at(-1)?.endMs ?? NaN);
      return [
        [contender, '', '', '', '', ''],
        ...chain.map((link) => [
          `  ${link.name}`,
          link.pauseMs,
          link.askedMs,
          link.firstByteMs,
          link.endMs,
          tripsOf([link]),
        ]),
        ['  first frame', pauseMs, '', '', shownMs, tripsOf(chain)],
      ];
    }),
  };
}

export function mainThreadTable(roundTripMs: number, rows: readonly MainThreadFigures[]): Table {
  return {
    title: `Main thread until the first frame, round trip ${roundTripMs} ms, traced (ms of processor time)`,
    columns: ['', 'total', ...mainThreadSlices],
    rows: rows.map(({ contender, times }) => [
      contender,
      round(times.total),
      ...mainThreadSlices.map((slice) => round(times[slice])),
    ]),
  };
}
