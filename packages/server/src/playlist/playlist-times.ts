/** The parts of a playlist that decide how long its URLs must stay valid. */
export interface PlaylistTimes {
  readonly isMultivariant: boolean;
  /** The playlist has `EXT-X-ENDLIST`, so players read it once. */
  readonly isComplete: boolean;
  readonly targetSeconds: number;
  /** Sum of the segments' durations. */
  readonly durationSeconds: number;
}

/** Reads the tags that decide the lifetime of tokens in a playlist. */
export function readPlaylistTimes(text: string): PlaylistTimes {
  let durationSeconds = 0;
  for (const [, duration] of text.matchAll(/^#EXTINF:\s*([\d.]+)/gm)) durationSeconds += finite(duration);
  return {
    isMultivariant: /^#EXT-X-STREAM-INF:/m.test(text),
    isComplete: /^#EXT-X-ENDLIST\b/m.test(text),
    targetSeconds: finite(/^#EXT-X-TARGETDURATION:\s*([\d.]+)/m.exec(text)?.[1]),
    durationSeconds,
  };
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

function finite(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) ? value : 0;
}
