import type { Aim } from '../report/bench-report.js';
import { round } from '../statistics.js';
import type { ContenderName } from './contenders.js';
import type { StartFigures } from './start-figures.js';
import type { MainThreadFigures } from './start-tables.js';

const mostAllowed: Partial<Record<ContenderName, { delayed: number; local: number }>> = {
  // Without latency, early requests save nothing. There the aim is only not to be slower.
  gatecast: { delayed: 0.85, local: 1.05 },
  'gatecast with playlists': { delayed: 0.6, local: 1.05 },
};

/** Time to the first frame, as a share of the hand-written page's. */
export function timeAims(roundTripMs: number, rows: readonly StartFigures[]): Aim[] {
  return rows.flatMap(({ contender, ratio }) => {
    const allowed = mostAllowed[contender];
    if (!allowed) return [];
    const most = roundTripMs === 0 ? allowed.local : allowed.delayed;
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
