import type { BroadcastStats } from '../../stats/broadcast-stats.js';

/** The statistics that are read here. */
export type PathReading = Pick<
  BroadcastStats,
  'videoKbps' | 'lossPercent' | 'roundTripMs' | 'reportedAtMs' | 'limitedBy'
>;

/** Receiver reports of a network that drops or queues what is sent. */
const HIGH_LOSS_PERCENT = 8;
const QUEUE_MS = 400;
/** More loss than this, and a rise would make it worse. */
const LOW_LOSS_PERCENT = 2;
const DOWN = 0.7;
const UP = 1.15;
/** Share of what arrives that lets a full queue become empty. */
const REST = 0.85;
const LOWEST = 0.05;
/** Share of its limit below which a picture needs no more than it sends. */
const STILL_SHARE = 0.15;
const DOWN_AFTER_MS = 3000;
const CALM_AFTER_MS = 3000;
const UP_AFTER_MS = 3000;
/** A rise that fails so soon was too much: the next one waits twice as long. */
const FAILED_WITHIN_MS = 20_000;
const LONGEST_UP_MS = 80_000;
/** After so many reductions that have not helped, the bitrate is not the cause. */
const MOST_IN_VAIN = 3;
const HELPED_SHARE = 0.75;
const IN_VAIN_FOR_MS = 120_000;
/** The shortest round trip is that of the last half to whole minute: the path may become another one. */
const ROUND_TRIP_WINDOW_MS = 30_000;

/** A series of reductions. */
interface Series {
  /** The bitrate before it. */
  readonly from: number;
  readonly lossPercent: number;
  readonly delayMs: number;
  count: number;
}

/**
 * Lowers the bitrate where receiver reports show loss or a queue and the browser does not react, and raises it again. What a lower
 * bitrate does not mend, such as loss of a radio link or a longer path, is left alone.
 */
export class LossControl {
  #share = 1;
  #shortest = { fromMs: -Infinity, nowMs: Infinity, beforeMs: Infinity };
  #troubleSinceMs: number | null = null;
  #troubleReports = new Set<number | null>();
  #lastTroubleMs = -Infinity;
  #changedAtMs = -Infinity;
  #raisedAtMs = -Infinity;
  #upAfterMs = UP_AFTER_MS;
  #series: Series | null = null;
  #inVainUntilMs = -Infinity;

  /**
   * @param previous - the control of the connection before: this one goes on with its bitrate and its wait for more.
   * @param nowMs - when the new connection begins; of a clock that never goes back.
   */
  constructor(previous?: LossControl, nowMs = -Infinity) {
    if (!previous) return;
    this.#share = previous.#share;
    this.#upAfterMs = previous.#upAfterMs;
    this.#raisedAtMs = previous.#raisedAtMs;
    this.#changedAtMs = nowMs;
  }

  /** @returns the share of `video-bitrate` that is left, at most 1. */
  update(reading: PathReading, videoBitrateKbps: number, nowMs: number): number {
    const delayMs = this.#delayOf(reading, nowMs);
    const lossPercent = reading.lossPercent ?? 0;
    const isBad = lossPercent >= HIGH_LOSS_PERCENT || delayMs >= QUEUE_MS;
    // With this reason the browser has reduced the bitrate already.
    const isTrouble = isBad && reading.limitedBy !== 'bandwidth' && nowMs >= this.#inVainUntilMs;
    if (isTrouble) {
      this.#lastTroubleMs = nowMs;
      this.#troubleReports.add(reading.reportedAtMs);
    }
    // Reports of loss vary from one second to the next.
    if (nowMs - this.#lastTroubleMs >= CALM_AFTER_MS) {
      this.#troubleSinceMs = this.#series = null;
      this.#troubleReports.clear();
      if (lossPercent < LOW_LOSS_PERCENT && delayMs < QUEUE_MS) this.#raise(nowMs);
      return this.#share;
    }
    this.#troubleSinceMs ??= nowMs;
    const isLong = nowMs - this.#troubleSinceMs >= DOWN_AFTER_MS;
    // Some ingests report every five seconds: one report of loss is not enough.
    const hasReports = this.#troubleReports.size > 1 || reading.reportedAtMs === null;
    if (isTrouble && isLong && hasReports)
      this.#lower(reading, { lossPercent, delayMs }, videoBitrateKbps, nowMs);
    return this.#share;
  }

  #lower(
    { videoKbps }: PathReading,
    { lossPercent, delayMs }: Pick<Series, 'lossPercent' | 'delayMs'>,
    videoBitrateKbps: number,
    nowMs: number,
  ): void {
    this.#troubleSinceMs = nowMs;
    this.#troubleReports.clear();
    const series = (this.#series ??= { from: this.#share, lossPercent, delayMs, count: 0 });
    const hasHelped =
      lossPercent < series.lossPercent * HELPED_SHARE || delayMs < series.delayMs * HELPED_SHARE;
    if (series.count >= MOST_IN_VAIN && !hasHelped) {
      this.#share = series.from;
      this.#series = null;
      this.#inVainUntilMs = nowMs + IN_VAIN_FOR_MS;
      return;
    }
    series.count += 1;
    // Of what is sent, where that is less than the limit: a lower limit above it would change nothing. A picture that stands
    // still sends little by itself.
    const isStill = (videoKbps ?? 0) < this.#share * videoBitrateKbps * STILL_SHARE;
    const arrivedKbps = isStill ? Infinity : (videoKbps ?? 0) * (1 - lossPercent / 100);
    const next = Math.min(this.#share * DOWN, (arrivedKbps / videoBitrateKbps) * REST);
    this.#share = Math.max(LOWEST, next);
    const hasFailed = nowMs - this.#raisedAtMs < FAILED_WITHIN_MS;
    this.#upAfterMs = hasFailed ? Math.min(this.#upAfterMs * 2, LONGEST_UP_MS) : UP_AFTER_MS;
    this.#changedAtMs = nowMs;
  }

  #raise(nowMs: number): void {
    if (this.#share === 1 || nowMs - this.#changedAtMs < this.#upAfterMs) return;
    // The last rise has lasted: the next one may come sooner.
    if (nowMs - this.#raisedAtMs >= FAILED_WITHIN_MS)
      this.#upAfterMs = Math.max(this.#upAfterMs / 2, UP_AFTER_MS);
    this.#share = Math.min(1, this.#share * UP);
    this.#changedAtMs = this.#raisedAtMs = nowMs;
  }

  /** How much longer the round trip is than the shortest of late, in ms. */
  #delayOf({ roundTripMs }: PathReading, nowMs: number): number {
    if (roundTripMs === null) return 0;
    const shortest = this.#shortest;
    if (nowMs - shortest.fromMs >= ROUND_TRIP_WINDOW_MS)
      this.#shortest = { fromMs: nowMs, nowMs: roundTripMs, beforeMs: shortest.nowMs };
    else this.#shortest = { ...shortest, nowMs: Math.min(shortest.nowMs, roundTripMs) };
    return roundTripMs - Math.min(this.#shortest.nowMs, this.#shortest.beforeMs);
  }
}
