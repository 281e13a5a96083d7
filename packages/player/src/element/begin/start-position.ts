/** What can be played, as a media element reports it. All in seconds of media time. */
export interface Playable {
  /** `Infinity` for a live stream. */
  readonly duration: number;
  readonly seekable: Pick<TimeRanges, 'length' | 'start' | 'end'>;
  /** Where a live stream is joined; `null` when unknown or not live. */
  readonly livePosition: number | null;
}

/**
 * Where a start time is, as the TIME-OFFSET of `EXT-X-START`: from the beginning of what can be played, or, if it is negative,
 * from its end. The end of a live stream is the place where it is joined. A time outside is at the nearer end.
 *
 * @returns seconds of media time.
 * @see https://www.rfc-editor.org/rfc/rfc8216#section-4.3.5.2
 */
export function startPosition(startTime: number, { duration, seekable, livePosition }: Playable): number {
  const { length } = seekable;
  const begin = length > 0 ? seekable.start(0) : 0;
  const edge = length > 0 ? seekable.end(length - 1) : begin;
  const end = Number.isFinite(duration) ? duration : (livePosition ?? edge);
  const position = (startTime < 0 ? end : begin) + startTime;
  return Math.max(begin, Math.min(position, end));
}
