/** One sample of a media element. */
export interface ProgressSample {
  /** Seconds. */
  readonly currentTime: number;
  /** Frames reported by `requestVideoFrameCallback`. */
  readonly shownFrames: number;
  /** Frames counted by `getVideoPlaybackQuality`. */
  readonly decodedFrames: number;
  /** Should frames advance? False for audio alone and in a hidden page. */
  readonly expectsFrames: boolean;
}

/**
 * Has playback advanced between two samples? Media time alone is not enough: it may advance over a frozen picture. One of
 * the two frame counts is enough, because each may stop for other reasons while the element is not visible.
 */
export function hasProgressed(before: ProgressSample, after: ProgressSample): boolean {
  if (after.currentTime <= before.currentTime) return false;
  if (!before.expectsFrames || !after.expectsFrames) return true;
  return after.shownFrames > before.shownFrames || after.decodedFrames > before.decodedFrames;
}

/** Before the first picture, the player must connect and fill its buffer. */
const SHORTEST_START_MS = 8000;
const SHORTEST_STALL_MS = 3000;

/** How long playback may stop before it counts as stalled: about two target durations. */
export function stallLimitMs(targetDurationMs: number, hasStarted: boolean): number {
  return Math.max(2 * targetDurationMs, hasStarted ? SHORTEST_STALL_MS : SHORTEST_START_MS);
}
