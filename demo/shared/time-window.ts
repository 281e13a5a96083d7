/** The part of time that a timeline shows. */
export interface TimeWindow {
  readonly pastMs: number;
  readonly futureMs: number;
}

/** What a lane is drawn with. */
export interface LaneView {
  /** Left edges are relative to the instant that the strip shows as now while it has not moved. */
  readonly epochMs: number;
  readonly nowMs: number;
  readonly window: TimeWindow;
}

export interface AxisTick {
  /** From the left edge. */
  readonly percent: number;
  readonly label: string;
}

/** Distances between ticks that people read without counting. */
const stepsMs = [5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

export function spanMs({ pastMs, futureMs }: TimeWindow): number {
  return pastMs + futureMs;
}

/** Where an instant stands on a strip that shows `epochMs` as now, in percent of the window's width. */
export function percentAt(atMs: number, epochMs: number, window: TimeWindow): number {
  return ((atMs - epochMs + window.pastMs) / spanMs(window)) * 100;
}

export function percentOf(durationMs: number, window: TimeWindow): number {
  return (durationMs / spanMs(window)) * 100;
}

/** Ticks at round distances from now, at most `most` of them. */
export function axisTicks(window: TimeWindow, most = 7): AxisTick[] {
  const stepMs = stepsMs.find((step) => spanMs(window) / step <= most) ?? Math.ceil(spanMs(window) / most);
  const first = -Math.floor(window.pastMs / stepMs);
  const last = Math.floor(window.futureMs / stepMs);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const offsetMs = (first + index) * stepMs;
    return { percent: percentAt(offsetMs, 0, window), label: describeOffset(offsetMs) };
  });
}

function describeOffset(offsetMs: number): string {
  if (offsetMs === 0) return 'now';
  const sign = offsetMs < 0 ? '−' : '+';
  const seconds = Math.abs(offsetMs) / 1000;
  return seconds % 60 === 0 && seconds >= 120 ? `${sign}${seconds / 60} min` : `${sign}${seconds} s`;
}
