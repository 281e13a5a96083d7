import { defaultPlaylistLimits } from './playlist-limits.js';
import { linesOf } from './playlist-lines.js';

/** The parts of a playlist that decide how long its URLs must stay valid. */
export interface PlaylistTimes {
  readonly isMultivariant: boolean;
  /** The playlist has `EXT-X-ENDLIST`, so players read it once. */
  readonly isComplete: boolean;
  readonly targetSeconds: number;
  /** Sum of the segments' durations. */
  readonly durationSeconds: number;
}

/**
 * Reads the tags that decide the lifetime of tokens in a playlist.
 *
 * @throws Problem `playlist-too-large` for too many lines.
 */
export function readPlaylistTimes(
  text: string,
  limits: { readonly maxLines: number } = defaultPlaylistLimits,
): PlaylistTimes {
  let isMultivariant = false;
  let isComplete = false;
  let targetSeconds = 0;
  let durationSeconds = 0;
  for (const line of linesOf(text, limits)) {
    if (line.startsWith('#EXTINF:')) durationSeconds += secondsAt(line, '#EXTINF:'.length);
    else if (line.startsWith('#EXT-X-STREAM-INF:')) isMultivariant = true;
    else if (line.startsWith('#EXT-X-TARGETDURATION:'))
      targetSeconds = secondsAt(line, '#EXT-X-TARGETDURATION:'.length);
    else if (/^#EXT-X-ENDLIST\b/.test(line)) isComplete = true;
  }
  return { isMultivariant, isComplete, targetSeconds, durationSeconds };
}

/**
 * Lifetime of the tokens in a playlist, in seconds.
 *
 * Live players reload the playlist every target duration, so three target durations allow for a failed reload. Players
 * read a complete playlist once, so its tokens are valid for twice its duration, which allows for pauses.
 */
export function segmentTtlSeconds(times: PlaylistTimes, ttlSeconds: number, longestSeconds: number): number {
  const needed = times.isComplete ? 2 * times.durationSeconds + 60 : 3 * times.targetSeconds;
  return Math.max(1, Math.min(Math.ceil(Math.max(ttlSeconds, needed)), Math.max(ttlSeconds, longestSeconds)));
}

/** No segment is longer than this. A value without a bound could make the sum infinite. */
const MAX_SECONDS = 86_400;

function secondsAt(line: string, start: number): number {
  // Not the whole line: a title may follow, and it may be long.
  const value = Number.parseFloat(line.slice(start, start + 40));
  return Number.isFinite(value) ? Math.min(Math.max(0, value), MAX_SECONDS) : 0;
}
