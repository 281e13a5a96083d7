import { defaultPlaylistLimits } from './playlist-limits.js';
import { linesOf } from './playlist-lines.js';

/** The parts of a playlist that decide how long its URLs must stay valid. */
export interface PlaylistTimes {
  readonly isMultivariant: boolean;
  /** The playlist has `EXT-X-ENDLIST` or the type `VOD`, so players read it once. */
  readonly isComplete: boolean;
  readonly targetSeconds: number;
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
  for (const line of linesOf(text, limits)) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) isMultivariant = true;
    else if (line.startsWith('#EXT-X-TARGETDURATION:'))
      targetSeconds = secondsAt(line, '#EXT-X-TARGETDURATION:'.length);
    else if (/^#EXT-X-(?:ENDLIST\b|PLAYLIST-TYPE:VOD\b)/.test(line)) isComplete = true;
  }
  return { isMultivariant, isComplete, targetSeconds };
}

/**
 * How long the tokens in a playlist must be valid, in seconds; `Infinity` if players read the playlist only once: a
 * recording, whose viewers may pause, and a multivariant playlist, whose keys are used later.
 *
 * Live players reload the playlist every target duration, so three target durations allow for a failed reload.
 *
 * @param ttlSeconds - shortest lifetime.
 */
export function neededSeconds(
  { isComplete, isMultivariant, targetSeconds }: PlaylistTimes,
  ttlSeconds: number,
): number {
  if (isComplete || isMultivariant) return Infinity;
  return Math.max(1, Math.ceil(Math.max(ttlSeconds, 3 * targetSeconds)));
}

function secondsAt(line: string, start: number): number {
  const value = Number.parseFloat(line.slice(start, start + 40));
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
