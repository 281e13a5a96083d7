import type { BroadcastStats } from '../../stats/broadcast-stats.js';

/** The statistics that are read here. */
export type PathReading = Pick<
  BroadcastStats,
  'videoKbps' | 'lossPercent' | 'roundTripMs' | 'reportedAtMs' | 'limitedBy'
>;

/** Receiver reports of a network that drops or queues what is sent. */
const HIGH_LOSS_PERCENT = 8;
const QUEUE_MS = 400;
/** So much loss leaves no picture: each second counts. */
const SEVERE_LOSS_PERCENT = 25;
/** More loss than this, and a rise would make it worse. */
const LOW_LOSS_PERCENT = 2;
const DOWN = 0.7;
const UP = 1.15;
/** How much larger each next rise is that follows one that has lasted, far from the bitrate that was too much. */
const MORE_UP = 0.1;
const MOST_UP = 1.5;
/** From this share of the bitrate that was too much, rises are rare, and just to above it. */
const NEAR = 0.9;
const NEAR_UP = 1.05;
/** Share of what arrives that lets a full queue become empty. */
const REST = 0.85;
const LOWEST = 0.05;
/** Share of its limit below which a picture needs no more than it sends. */
const STILL_SHARE = 0.15;
const DOWN_AFTER_MS = 3000;
const SEVERE_AFTER_MS = 1000;
/** A browser that says it has reduced the bitrate may need some reports until that is enough. */
const BROWSER_DOWN_AFTER_MS = 6000;
const CALM_AFTER_MS = 3000;
const UP_AFTER_MS = 3000;
/** Some loss or a queue that begins so soon after a rise comes from it: it is taken back, before much is lost. */
const PROBE_MS = 6000;
const PROBE_LOSS_PERCENT = 3;
const PROBE_QUEUE_MS = 100;
/** Weight of the newest reading: one may be an exception. */
const NEWEST = 0.5;
/** Less than the bitrate before the rise, so that the queue becomes empty. */
const TAKEN_BACK = 0.95;
/** A rise that fails so soon was too much: the next one waits twice as long. */
const FAILED_WITHIN_MS = 20_000;
const LONGEST_UP_MS = 20_000;
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

interface Trouble {
  readonly sinceMs: number;
  /** Times of the receiver reports that showed it. */
  readonly reports: Set<number | null>;
  readings: number;
  /** Of all readings. */
  lossSum: number;
}

/**
 * Lowers the bitrate where receiver reports show loss or a queue and the browser does not react, and raises it again. What a lower
 * bitrate does not mend, such as loss of a radio link or a longer path, is left alone.
 */
export class LossControl {
  #share = 1;
  #shortest = { fromMs: -Infinity, nowMs: Infinity, beforeMs: Infinity };
  #trouble: Trouble | null = null;
  #lastTroubleMs = -Infinity;
  #changedAtMs = -Infinity;
  #raisedAtMs = -Infinity;
  #recentLossPercent = 0;
  #recentDelayMs = 0;
  /** Before the last rise. */
  #raisedFrom = { share: 1, delayMs: 0 };
  /** Rises in a row that have lasted. */
  #rises = 0;
  /** The last share that was too much. */
  #tooMuch = Infinity;
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
    this.#tooMuch = previous.#tooMuch;
    this.#upAfterMs = previous.#upAfterMs;
    this.#raisedAtMs = previous.#raisedAtMs;
    this.#changedAtMs = nowMs;
  }

  /** @returns the share of `video-bitrate` that is left, at most 1. */
  update(reading: PathReading, videoBitrateKbps: number, nowMs: number): number {
    const delayMs = this.#delayOf(reading, nowMs);
    const lossPercent = reading.lossPercent ?? 0;
    this.#recentLossPercent += (lossPercent - this.#recentLossPercent) * NEWEST;
    this.#recentDelayMs += (delayMs - this.#recentDelayMs) * NEWEST;
    if (this.#hasRiseFailed(nowMs)) {
      this.#takeBack(nowMs);
      return this.#share;
    }
    const isInVain = nowMs < this.#inVainUntilMs;
    const isBad = !isInVain && (lossPercent >= HIGH_LOSS_PERCENT || delayMs >= QUEUE_MS);
    if (isBad) this.#lastTroubleMs = nowMs;
    // Reports of loss vary from one second to the next.
    if (nowMs - this.#lastTroubleMs >= CALM_AFTER_MS) {
      this.#trouble = this.#series = null;
      if (this.#recentLossPercent < LOW_LOSS_PERCENT && delayMs < QUEUE_MS) this.#raise(nowMs);
      return this.#share;
    }
    const trouble = (this.#trouble ??= { sinceMs: nowMs, reports: new Set(), readings: 0, lossSum: 0 });
    trouble.readings += 1;
    trouble.lossSum += lossPercent;
    if (isBad) trouble.reports.add(reading.reportedAtMs);
    // Some ingests report every five seconds: one report of loss is not enough.
    const hasReports = trouble.reports.size > 1 || reading.reportedAtMs === null;
    if (isBad && hasReports && nowMs - trouble.sinceMs >= this.#waitToLower(reading, trouble))
      this.#lower(reading, trouble.lossSum / trouble.readings, delayMs, videoBitrateKbps, nowMs);
    return this.#share;
  }

  /** @param meanLossPercent - since the trouble began: reports vary. */
  #lower(
    { videoKbps, lossPercent }: PathReading,
    meanLossPercent: number,
    delayMs: number,
    videoBitrateKbps: number,
    nowMs: number,
  ): void {
    this.#trouble = null;
    this.#rises = 0;
    const series = (this.#series ??= {
      from: this.#share,
      lossPercent: meanLossPercent,
      delayMs,
      count: 0,
    });
    const hasHelped =
      meanLossPercent < series.lossPercent * HELPED_SHARE || delayMs < series.delayMs * HELPED_SHARE;
    if (series.count >= MOST_IN_VAIN && !hasHelped) {
      this.#share = series.from;
      this.#series = null;
      this.#inVainUntilMs = nowMs + IN_VAIN_FOR_MS;
      return;
    }
    series.count += 1;
    // To what arrives, where that is less than the limit: a lower limit above it would change nothing. A picture that stands
    // still sends little by itself.
    const limitKbps = this.#share * videoBitrateKbps;
    const isStill = (videoKbps ?? 0) < limitKbps * STILL_SHARE;
    const arrived = isStill
      ? Infinity
      : ((videoKbps ?? 0) * (1 - (lossPercent ?? 0) / 100)) / videoBitrateKbps;
    this.#tooMuch = Math.min(this.#share, arrived);
    this.#share = Math.max(LOWEST, arrived < this.#share ? arrived * REST : this.#share * DOWN);
    this.#waitLonger(nowMs);
    this.#changedAtMs = nowMs;
  }

  #waitToLower({ limitedBy, lossPercent }: PathReading, { readings, lossSum }: Trouble): number {
    if (limitedBy === 'bandwidth') return BROWSER_DOWN_AFTER_MS;
    const loss = Math.min(lossPercent ?? 0, lossSum / readings);
    // Only the first time: what was sent before is still lost, and sent again.
    return loss >= SEVERE_LOSS_PERCENT && !this.#series ? SEVERE_AFTER_MS : DOWN_AFTER_MS;
  }

  #hasRiseFailed(nowMs: number): boolean {
    if (this.#changedAtMs !== this.#raisedAtMs) return false;
    const sinceMs = nowMs - this.#raisedAtMs;
    // A queue of the network comes first; loss comes when that is full.
    const hasQueue = this.#recentDelayMs - this.#raisedFrom.delayMs >= PROBE_QUEUE_MS;
    if (hasQueue && sinceMs <= PROBE_MS) return true;
    return this.#recentLossPercent >= PROBE_LOSS_PERCENT && sinceMs < FAILED_WITHIN_MS;
  }

  #takeBack(nowMs: number): void {
    const { share } = this.#raisedFrom;
    // What the network takes is between the two.
    this.#tooMuch = Math.min(this.#tooMuch, (share + this.#share) / 2);
    this.#share = Math.max(LOWEST, share * TAKEN_BACK);
    this.#rises = 0;
    this.#waitLonger(nowMs);
    this.#changedAtMs = nowMs;
  }

  #waitLonger(nowMs: number): void {
    const hasFailed = nowMs - this.#raisedAtMs < FAILED_WITHIN_MS;
    this.#upAfterMs = hasFailed ? Math.min(this.#upAfterMs * 2, LONGEST_UP_MS) : UP_AFTER_MS;
  }

  #raise(nowMs: number): void {
    const share = this.#share;
    if (share > this.#tooMuch) {
      if (nowMs - this.#raisedAtMs <= PROBE_MS) return;
      // The network takes it now.
      this.#tooMuch = Infinity;
      this.#upAfterMs = UP_AFTER_MS;
    }
    const near = this.#tooMuch * NEAR;
    const isNear = share >= near;
    if (share === 1 || nowMs - this.#changedAtMs < (isNear ? this.#upAfterMs : UP_AFTER_MS)) return;
    const faster = Math.min(share * Math.min(UP + MORE_UP * this.#rises, MOST_UP), near);
    this.#raisedFrom = { share, delayMs: this.#recentDelayMs };
    this.#share = Math.min(1, isNear ? this.#tooMuch * NEAR_UP : faster);
    this.#rises = isNear ? 0 : this.#rises + 1;
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
