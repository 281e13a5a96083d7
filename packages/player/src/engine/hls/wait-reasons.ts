import type { LevelDetails } from 'hls.js';

/** A segment whose last bytes are older than this is no longer arriving. */
const ARRIVING_MS = 5000;
/** Seconds before the end of the playlist at which everything in it has been played. */
const EDGE_S = 1;
/** Target durations without a playlist after which playlists no longer arrive. */
const MISSED_RELOADS = 5;

/** Knows when a stall needs no remedy, because hls.js waits for what still arrives. */
export class WaitReasons {
  #lastSlowBytesMs = -Infinity;
  #lastPlaylistMs = -Infinity;

  /** Bytes of a slow segment have arrived. */
  onSlowBytes(): void {
    this.#lastSlowBytesMs = performance.now();
  }

  onPlaylist(): void {
    this.#lastPlaylistMs = performance.now();
  }

  /**
   * Is a slow segment still arriving, which starting again would drop? Or has everything been played that the origin
   * has, so that starting again would only repeat old media?
   */
  hasReason(
    hls: { latestLevelDetails: Pick<LevelDetails, 'live' | 'edge' | 'targetduration'> | null } | null,
    { currentTime }: Pick<HTMLMediaElement, 'currentTime'>,
  ): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#lastSlowBytesMs < ARRIVING_MS) return true;
    const details = hls?.latestLevelDetails;
    if (!details?.live || Math.abs(details.edge - currentTime) >= EDGE_S) return false;
    return nowMs - this.#lastPlaylistMs < MISSED_RELOADS * details.targetduration * 1000;
  }
}
