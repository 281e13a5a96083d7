import { elapsedS } from './read-segment-time.js';

/** What is read of a segment of hls.js. */
export interface TimedSegment {
  /** Media sequence number. */
  readonly sn: number;
  /** Discontinuity sequence number. */
  readonly cc: number;
  /** Seconds. */
  readonly duration: number;
  /** `main` or `audio`. */
  readonly type: string;
}

interface Reference {
  readonly sn: number;
  readonly timeS: number;
}

/** Timestamps may differ this much, in seconds, from what the playlist says: streams have small gaps and drift. */
const TOLERANCE_S = 3;
/** Segments that may be missing between two that are compared. */
const MAX_SKIPPED = 10;

/** Finds segments whose timestamps do not continue those before, although the playlist has no discontinuity there. */
export class TimelineBreaks {
  readonly #references = new Map<string, Reference>();

  /** @param timeS - the first timestamp of the segment, in seconds */
  isBreak({ sn, cc, duration, type }: TimedSegment, timeS: number): boolean {
    const before = this.#references.get(`${type} ${String(cc)}`);
    const steps = before ? sn - before.sn : 0;
    const isComparable = before !== undefined && steps > 0 && steps <= MAX_SKIPPED;
    const driftS = isComparable ? elapsedS(before.timeS, timeS) - steps * duration : 0;
    const isBreak = Math.abs(driftS) > Math.max(TOLERANCE_S, steps * duration);
    this.#references.set(`${type} ${String(isBreak ? cc + 1 : cc)}`, { sn, timeS });
    return isBreak;
  }
}
