import { intlLocale } from '@gatecast/element';
import { LIVE_TOLERANCE_S } from '../../media/live-tolerance.js';

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

/** Units of a spoken time, and their seconds. */
const UNITS = [
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 minute, 5 seconds`, for screen readers, in the words and plurals of `Intl`. Digits are those of the clock. */
export function spellDuration(seconds: number, language: string): string {
  const locale = intlLocale(language);
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && (unit !== 'second' || parts.length > 0)) continue;
    const format = { style: 'unit', unit, unitDisplay: 'long', numberingSystem: 'latn' } as const;
    parts.push(new Intl.NumberFormat(locale, format).format(count));
  }
  return new Intl.ListFormat(locale, { type: 'unit' }).format(parts);
}
