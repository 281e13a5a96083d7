import type { Aim } from '../report/bench-report.js';
import { round } from '../statistics.js';
import type { ContenderName } from './contenders.js';
import type { StartFigures } from './start-figures.js';
import type { MainThreadFigures } from './start-tables.js';

/** The largest ratio to the hand-written page, by round trip in milliseconds. The stream is live in all rows. */
const mostAllowed: Partial<Record<ContenderName, Readonly<Record<number, number>>>> = {
  gatecast: { 0: 0.95, 40: 0.85, 100: 0.8 },
  'gatecast with head lines': { 0: 0.9, 40: 0.75, 100: 0.7 },
  'gatecast with head lines and playlists': { 0: 0.8, 40: 0.6, 100: 0.55 },
  'gatecast with head lines and first media': { 0: 0.8, 40: 0.5, 100: 0.46 },
  'gatecast with head lines and playlists, return visit': { 0: 0.8, 40: 0.6, 100: 0.55 },
};

/** Time to the first frame, as a share of the hand-written page's. */
export function timeAims(roundTripMs: number, rows: readonly StartFigures[]): Aim[] {
  return rows.flatMap(({ contender, ratio }) => {
    const most = mostAllowed[contender]?.[roundTripMs];
    if (most === undefined) return [];
    const aim = `${contender} at ${roundTripMs} ms, at most ${most} of hand-written`;
    return [{ aim, measured: ratio, isMet: ratio <= most }];
  });
}

/** Our pages use the main thread for no longer than the hand-written one. */
export function mainThreadAims(rows: readonly MainThreadFigures[]): Aim[] {
  const usual = rows.find(({ contender }) => contender === 'hand-written')?.times.total ?? NaN;
  return rows
    .filter(({ contender }) => contender.startsWith('gatecast'))
    .map(({ contender, times }) => ({
      aim: `main thread of ${contender} until the first frame, not above hand-written`,
      measured: round(times.total / usual, 2),
      isMet: times.total <= usual,
    }));
}
