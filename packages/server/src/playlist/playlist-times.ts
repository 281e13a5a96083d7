/** What a playlist says about how long its addresses must stay good. */
export interface PlaylistTimes {
  readonly isMultivariant: boolean;
  /** It never changes again, so players read it once. */
  readonly isComplete: boolean;
  readonly targetSeconds: number;
  /** Sum of the segments' durations. */
  readonly durationSeconds: number;
}

/** Reads the tags that decide how long tokens in a playlist must live. */
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
 * Lifetime for the tokens of a playlist's segments, in seconds.
 *
 * Live players read it again every target duration, so three of those carry over a lost reload. A complete playlist is
 * read once: its tokens last for the whole of it and as long again for pauses.
 */
export function segmentTtlSeconds(times: PlaylistTimes, ttlSeconds: number, longestSeconds: number): number {
  const needed = times.isComplete ? 2 * times.durationSeconds + 60 : 3 * times.targetSeconds;
  return Math.max(1, Math.min(Math.ceil(Math.max(ttlSeconds, needed)), Math.max(ttlSeconds, longestSeconds)));
}

function finite(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) ? value : 0;
}
