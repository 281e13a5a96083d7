import { clipTiming } from '../../clip/clip-timing.js';

/**
 * Start of the media timeline, in milliseconds since the epoch.
 *
 * It is fixed, so that sequence numbers do not change with a restart. It is a full minute, so that the second shown in
 * the picture is the second of the wall clock. It is recent, because players lose precision with large timestamps.
 */
export const timelineStartMs = Date.UTC(2020, 0, 1);

/** Number of segments in a live playlist: a seek range of 20 s. */
export const windowLength = 10;

/** Segments that are available at one time. */
export interface LiveWindow {
  /** First and last sequence number in the playlist. */
  readonly first: number;
  readonly last: number;
  /** Oldest segment that is still served, for players with an earlier version of the playlist. */
  readonly oldest: number;
}

/**
 * A segment is published when it is complete. After its removal from the playlist it is served for at least the
 * duration of a playlist.
 *
 * @see RFC 8216, 6.2.2
 */
export function liveWindowAt(nowMs: number): LiveWindow {
  const last = Math.floor((nowMs - timelineStartMs) / clipTiming.segmentMs) - 1;
  const first = last - windowLength + 1;
  return { first, last, oldest: first - windowLength - 1 };
}

/** `EXT-X-PROGRAM-DATE-TIME` of a segment, in milliseconds since the epoch. */
export function programDateMs(sequence: number): number {
  return timelineStartMs + sequence * clipTiming.segmentMs;
}
