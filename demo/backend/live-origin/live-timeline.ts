import { clipTiming } from '../../clip/clip-timing.js';

/**
 * Where the media timeline begins. A fixed instant, so that every instance and every restart counts the same; a full
 * minute, so that the burnt-in second is the wall clock's; recent, so that times keep their precision in players.
 */
export const timelineStartMs = Date.UTC(2020, 0, 1);

/** Segments that a live playlist names: 20 s to seek back in. */
export const windowLength = 10;

/** What is on air at an instant. */
export interface LiveWindow {
  /** First and last sequence number that the playlist names. */
  readonly first: number;
  readonly last: number;
  /** Oldest segment that is still served, for players that hold an earlier playlist. */
  readonly oldest: number;
}

/**
 * A segment is published when it is complete, and served for as long after it left the playlist as a playlist lasts.
 *
 * @see RFC 8216, 6.2.2
 */
export function liveWindowAt(nowMs: number): LiveWindow {
  const last = Math.floor((nowMs - timelineStartMs) / clipTiming.segmentMs) - 1;
  const first = last - windowLength + 1;
  return { first, last, oldest: first - windowLength - 1 };
}

/** When a segment's first picture was "taken". */
export function programDateMs(sequence: number): number {
  return timelineStartMs + sequence * clipTiming.segmentMs;
}
