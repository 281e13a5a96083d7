import { Problem } from '../http/problem.js';

/** Budgets for one playlist of an upstream. A playlist beyond one of them is refused with `playlist-too-large`. */
export interface PlaylistLimits {
  /** Largest number of lines. */
  readonly maxLines: number;
  /** Largest number of URLs of other playlists. */
  readonly maxPlaylists: number;
  /** Longest URL, after variables are replaced and the URL is made absolute, in characters. */
  readonly maxUrlLength: number;
  /** Largest number of variables (`EXT-X-DEFINE`). */
  readonly maxVariables: number;
  /** Longest value of a variable in characters. */
  readonly maxVariableLength: number;
  /** Largest size of the rewritten playlist, and of all its URLs together, in characters. */
  readonly maxOutputLength: number;
  /** Longest time for rewriting one playlist, in milliseconds. Other requests are served in between. */
  readonly maxRewriteMs: number;
}

/**
 * A recording of 12 hours in segments of 2 s with `EXT-X-PROGRAM-DATE-TIME` has 65,000 lines, and 14 MB with RS256 tokens.
 * Most servers refuse request lines above 8 KiB.
 */
export const defaultPlaylistLimits: PlaylistLimits = {
  maxLines: 100_000,
  maxPlaylists: 1000,
  maxUrlLength: 8192,
  maxVariables: 256,
  maxVariableLength: 4096,
  maxOutputLength: 16_777_216,
  maxRewriteMs: 5000,
};

/** @param what - the budget that the playlist exceeds, for example "has more than 10 lines". */
export function playlistTooLarge(what: string): Problem {
  return new Problem('playlist-too-large', `The playlist ${what}.`);
}
