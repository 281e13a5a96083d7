import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';
import type { PlayerMessages } from '../../messages/message-tables.js';

/** Players keep about this far from the end of the seekable range, if the stream sets no other distance. */
const USUAL_LATENCY_S = 10;

export interface LivePlace {
  readonly currentTime: number;
  /** From here on it counts as live; `undefined` where the engine cannot say. */
  readonly liveEdgeStart: number | undefined;
  readonly seekable: Pick<TimeRanges, 'length' | 'end'>;
}

/** Media time that counts as now; `null` while nothing is known. */
export function liveEdge({ liveEdgeStart, seekable }: Omit<LivePlace, 'currentTime'>): number | null {
  if (liveEdgeStart !== undefined) return liveEdgeStart + LIVE_TOLERANCE_S;
  return seekable.length > 0 ? seekable.end(seekable.length - 1) - USUAL_LATENCY_S : null;
}

/** Seconds behind the live edge; 0 for a viewer who is nearly there. */
export function liveDistanceS(place: LivePlace): number {
  const behind = (liveEdge(place) ?? 0) - place.currentTime;
  return behind > LIVE_TOLERANCE_S ? Math.round(behind) : 0;
}

/** `0:42`, `1:02:03` */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0
    ? `${String(hours)}:${two(minutes)}:${two(whole % 60)}`
    : `${String(minutes)}:${two(whole % 60)}`;
}

type TimeWords = Pick<PlayerMessages, 'hour' | 'hours' | 'minute' | 'minutes' | 'second' | 'seconds'>;

/** `1 minute, 5 seconds`, for screen readers. */
export function spellDuration(seconds: number, words: TimeWords): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 3600), words.hour, words.hours],
    [Math.floor((whole % 3600) / 60), words.minute, words.minutes],
    [whole % 60, words.second, words.seconds],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${String(count)} ${count === 1 ? one : many}`);
  return told.length > 0 ? told.join(', ') : `0 ${words.seconds}`;
}
