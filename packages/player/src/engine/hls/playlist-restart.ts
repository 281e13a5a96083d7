/** Media sequence numbers of the first and the last segment of a playlist. */
export interface SequenceRange {
  readonly startSN: number;
  readonly endSN: number;
}

/** A cache may respond with a playlist that is this many segments too old. */
const MAX_STALE = 10;

/** Has the encoder restarted its media sequence? */
export function isRestarted(last: SequenceRange, next: SequenceRange): boolean {
  const behind = last.startSN - next.endSN;
  return behind > 0 && (behind > MAX_STALE || next.startSN <= 1);
}

/** Shortest time between two reloads of a source; it doubles with each one. */
const FIRST_INTERVAL_MS = 5000;
const LONGEST_INTERVAL_MS = 60_000;
/** After this time without a reload, the shortest interval counts again. */
const QUIET_MS = 120_000;

export interface ReloadState {
  readonly nowMs: number;
  readonly lastReloadMs: number;
  /** Reloads that followed each other closely. */
  readonly reloads: number;
}

/** Milliseconds to wait before a reload, so that an origin whose caches differ does not cause one after another. */
export function reloadWaitMs({ nowMs, lastReloadMs, reloads }: ReloadState): number {
  const sinceMs = nowMs - lastReloadMs;
  if (reloads === 0 || sinceMs > QUIET_MS) return 0;
  return Math.max(0, Math.min(LONGEST_INTERVAL_MS, FIRST_INTERVAL_MS * 2 ** (reloads - 1)) - sinceMs);
}

/** The number of reloads that follow each other closely, after one more. */
export function countReload({ nowMs, lastReloadMs, reloads }: ReloadState): number {
  return nowMs - lastReloadMs > QUIET_MS ? 1 : reloads + 1;
}
