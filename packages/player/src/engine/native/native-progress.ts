/** One look at a media element. */
export interface ProgressSample {
  /** Seconds. */
  readonly currentTime: number;
  /** Pictures told by `requestVideoFrameCallback`. */
  readonly shownFrames: number;
  /** Pictures counted by `getVideoPlaybackQuality`. */
  readonly decodedFrames: number;
  /** Should there be moving pictures to see? False for sound alone and in a hidden page. */
  readonly expectsFrames: boolean;
}

/**
 * Has playback moved between two looks? Time alone is not enough: it may run on over a frozen picture. Of the two
 * counts of pictures either will do, as each stands still for reasons of its own where nobody looks.
 */
export function hasProgressed(before: ProgressSample, after: ProgressSample): boolean {
  if (after.currentTime <= before.currentTime) return false;
  if (!before.expectsFrames || !after.expectsFrames) return true;
  return after.shownFrames > before.shownFrames || after.decodedFrames > before.decodedFrames;
}

/** Before the first picture there is a connection to be made and a buffer to be filled. */
const SHORTEST_START_MS = 8000;
const SHORTEST_STALL_MS = 3000;

/** How long playback may stand still before it is taken to have failed: about two target durations. */
export function stallLimitMs(targetDurationMs: number, hasStarted: boolean): number {
  return Math.max(2 * targetDurationMs, hasStarted ? SHORTEST_STALL_MS : SHORTEST_START_MS);
}
