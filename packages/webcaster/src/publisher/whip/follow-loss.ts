import { packetsOf, PathWindow, type PathLevel, type PathReading } from './path-window.js';

/** Receiver reports of a network that drops or queues what is sent. */
const HIGH_LOSS_PERCENT = 8;
const QUEUE_MS = 400;
/** So much loss leaves no picture: each second counts. */
const SEVERE_LOSS_PERCENT = 25;
/** More loss than this, and a rise has to wait. */
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
/** Share of its limit that a picture sends at least which needs all of it. */
const FULL_SHARE = 0.7;
const DOWN_AFTER_MS = 3000;
/** A browser that says it has reduced the bitrate may need some reports until that is enough. */
const BROWSER_DOWN_AFTER_MS = 6000;
/** Reports of what was sent before a change come for some time after it, and a round trip later. */
const SETTLE_MS = 1000;
const LONGEST_SETTLE_MS = 5000;
const UP_AFTER_MS = 3000;
const LONGEST_UP_MS = 20_000;
/** A queue that begins so soon after a rise comes from it: it is taken back, before much is lost. */
const PROBE_MS = 6000;
const PROBE_QUEUE_MS = 100;
/** Loss of a rise comes later, when the queue is full. */
const PROBE_LOSS_MS = 20_000;
const PROBE_LOSS_PERCENT = 3;
/** Less than the bitrate before the rise, so that the queue becomes empty. */
const TAKEN_BACK = 0.95;
/** Weight of the newest reading: one may be an exception. */
const NEWEST = 0.5;
/** Reductions in a row that have not helped. */
const MOST_WITHOUT_EFFECT = 2;
/** Share of the expected effect that shows that a lower bitrate helps. */
const HELPED_SHARE = 1 / 3;
/** So long after a change, loss between low and high is that of the path. */
const JUDGED_AFTER_MS = 10_000;
/** The shortest round trip is that of the last half to whole minute: the path may become another one. */
const ROUND_TRIP_WINDOW_MS = 30_000;
/** Without a reading for so long, as in sleep, nothing of before counts. */
const GAP_MS = 5000;

/** Reductions since all was sent, or since one was found to be without effect. */
interface Episode {
  /** The share before it. */
  readonly from: number;
  /** Before the last reduction. */
  before: { readonly share: number; readonly lossPercent: number; readonly isQueue: boolean };
  withoutEffect: number;
}

/**
 * Lowers the bitrate where receiver reports show loss or a queue and the browser does not react, and raises it again. What a lower
 * bitrate does not mend, such as loss of a radio link or a longer path, is left alone from then on.
 */
export class LossControl {
  readonly #window = new PathWindow();
  #share = 1;
  #shortest = { fromMs: -Infinity, nowMs: Infinity, beforeMs: Infinity };
  #lastMs = -Infinity;
  #changedAtMs = -Infinity;
  #raisedAtMs = -Infinity;
  #recentLossPercent = 0;
  #recentDelayMs = 0;
  /** Before the last rise. */
  #raisedFrom = { share: 1, delayMs: 0, lossPercent: 0 };
  /** Rises in a row that have lasted. */
  #rises = 0;
  /** A share that was too much. */
  #tooMuch = Infinity;
  #upAfterMs = UP_AFTER_MS;
  #episode: Episode | null = null;
  /** Loss that does not depend on the bitrate. */
  #usualLossPercent = 0;

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
    if (nowMs - this.#lastMs > GAP_MS) this.#restart(nowMs);
    this.#lastMs = nowMs;
    const delayMs = this.#delayOf(reading, nowMs);
    const lossPercent = reading.lossPercent ?? 0;
    this.#recentLossPercent += (lossPercent - this.#recentLossPercent) * NEWEST;
    this.#recentDelayMs += (delayMs - this.#recentDelayMs) * NEWEST;
    this.#window.add(reading, delayMs, nowMs);
    if (this.#hasRiseFailed(reading, nowMs)) {
      this.#takeBack(reading, nowMs);
      return this.#share;
    }
    const high = Math.max(HIGH_LOSS_PERCENT, this.#usualLossPercent * 1.5 + 5);
    const severe = this.#episode ? null : this.#window.level(1000, Math.max(high, SEVERE_LOSS_PERCENT));
    const hasReports = (level: PathLevel): boolean => level.lossyReports > 1;
    if (severe && hasReports(severe) && reading.limitedBy !== 'bandwidth') {
      this.#lower(reading, severe, videoBitrateKbps, nowMs);
      return this.#share;
    }
    const level = this.#window.level(
      reading.limitedBy === 'bandwidth' ? BROWSER_DOWN_AFTER_MS : DOWN_AFTER_MS,
      high,
    );
    if (!level) return this.#share;
    const isLossy = level.lossPercent >= high && hasReports(level);
    const hasQueue = level.delayMs >= QUEUE_MS;
    if (isLossy || hasQueue) {
      if (isLossy || !level.isDraining) this.#lower(reading, level, videoBitrateKbps, nowMs);
      return this.#share;
    }
    if (level.lossPercent < this.#usualLossPercent)
      this.#usualLossPercent += (level.lossPercent - this.#usualLossPercent) / 10;
    this.#rise(level, nowMs);
    return this.#share;
  }

  #lower(reading: PathReading, level: PathLevel, videoBitrateKbps: number, nowMs: number): void {
    const { lossPercent } = level;
    const share = this.#share;
    const isQueue = level.delayMs >= QUEUE_MS;
    const before = { share, lossPercent, isQueue };
    const episode = (this.#episode ??= { from: share, before, withoutEffect: -1 });
    const hasHelped = episode.withoutEffect >= 0 && this.#hasHelped(episode, level);
    episode.withoutEffect = hasHelped ? 0 : episode.withoutEffect + 1;
    if (episode.withoutEffect >= MOST_WITHOUT_EFFECT) {
      this.#giveUp(level, nowMs);
      return;
    }
    episode.before = before;
    const arrived = arrivedShare(reading, share, videoBitrateKbps);
    this.#tooMuch = Math.min(share, arrived);
    this.#share = Math.max(LOWEST, arrived < share ? arrived * REST : share * DOWN);
    this.#waitLonger(nowMs);
    this.#change(reading, nowMs);
  }

  /** Has the last reduction helped, where a narrow place would have made it help? */
  #hasHelped({ before }: Episode, { lossPercent, isDraining }: PathLevel): boolean {
    if (before.isQueue) return isDraining;
    const lost = before.lossPercent / 100;
    const expected = Math.min(lost, (1 - lost) * (before.share / this.#share - 1));
    return before.lossPercent - lossPercent >= expected * 100 * HELPED_SHARE;
  }

  /** What is lost or late is so at any bitrate. */
  #giveUp({ lossPercent, delayMs }: PathLevel, nowMs: number): void {
    this.#share = this.#episode?.from ?? 1;
    this.#tooMuch = Infinity;
    this.#usualLossPercent = lossPercent;
    if (delayMs >= QUEUE_MS) this.#shortest = { fromMs: nowMs, nowMs: Infinity, beforeMs: Infinity };
    this.#restart(nowMs);
  }

  #rise(level: PathLevel, nowMs: number): void {
    const { lossPercent } = level;
    const episode = this.#episode;
    const isClear =
      lossPercent <= Math.max(LOW_LOSS_PERCENT, this.#usualLossPercent * 1.2 + LOW_LOSS_PERCENT);
    if (!isClear) {
      if (!episode || nowMs - this.#changedAtMs < JUDGED_AFTER_MS) return;
      if (!episode.before.isQueue && !this.#hasHelped(episode, level)) {
        this.#giveUp(level, nowMs);
        return;
      }
    }
    const share = this.#share;
    if (share > this.#tooMuch) {
      if (nowMs - this.#raisedAtMs <= PROBE_MS) return;
      // The network takes it now.
      this.#tooMuch = Infinity;
      this.#upAfterMs = UP_AFTER_MS;
    }
    if (share === 1) {
      this.#episode = null;
      return;
    }
    const near = this.#tooMuch * NEAR;
    const isNear = share >= near;
    const waitMs = isClear ? (isNear ? this.#upAfterMs : UP_AFTER_MS) : LONGEST_UP_MS;
    if (nowMs - this.#changedAtMs < waitMs) return;
    const faster = Math.min(share * Math.min(UP + MORE_UP * this.#rises, MOST_UP), near);
    this.#raisedFrom = { share, delayMs: this.#recentDelayMs, lossPercent };
    this.#share = Math.min(1, isNear ? this.#tooMuch * NEAR_UP : faster);
    this.#rises = isNear ? 0 : this.#rises + 1;
    this.#changedAtMs = this.#raisedAtMs = nowMs;
  }

  #hasRiseFailed({ videoKbps }: PathReading, nowMs: number): boolean {
    if (this.#changedAtMs !== this.#raisedAtMs) return false;
    const sinceMs = nowMs - this.#raisedAtMs;
    const { delayMs, lossPercent } = this.#raisedFrom;
    const hasQueue = this.#recentDelayMs - delayMs >= PROBE_QUEUE_MS;
    if (hasQueue && sinceMs <= PROBE_MS) return true;
    // Loss of few packets varies.
    const lost = lossPercent / 100;
    const noise = 300 * Math.sqrt((lost * (1 - lost)) / Math.max(1, 2 * packetsOf(videoKbps)));
    const isLossy = this.#recentLossPercent - lossPercent >= Math.max(PROBE_LOSS_PERCENT, noise);
    return isLossy && sinceMs < PROBE_LOSS_MS;
  }

  #takeBack(reading: PathReading, nowMs: number): void {
    const { share } = this.#raisedFrom;
    // What the network takes is between the two.
    this.#tooMuch = Math.min(this.#tooMuch, (share + this.#share) / 2);
    this.#share = Math.max(LOWEST, share * TAKEN_BACK);
    this.#waitLonger(nowMs);
    this.#change(reading, nowMs);
  }

  #waitLonger(nowMs: number): void {
    const hasFailed = nowMs - this.#raisedAtMs < PROBE_LOSS_MS;
    this.#upAfterMs = hasFailed ? Math.min(this.#upAfterMs * 2, LONGEST_UP_MS) : UP_AFTER_MS;
  }

  #change({ roundTripMs }: PathReading, nowMs: number): void {
    this.#rises = 0;
    this.#changedAtMs = nowMs;
    this.#window.restart(nowMs + Math.min(SETTLE_MS + (roundTripMs ?? 0), LONGEST_SETTLE_MS));
  }

  #restart(nowMs: number): void {
    this.#episode = null;
    this.#rises = 0;
    this.#changedAtMs = nowMs;
    this.#window.restart(nowMs);
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

/** The share of `video-bitrate` that arrives; infinite where the picture itself needs less than its limit. */
function arrivedShare(
  { videoKbps, lossPercent, limitedBy, availableKbps }: PathReading,
  share: number,
  videoBitrateKbps: number,
): number {
  const sent = (videoKbps ?? 0) / videoBitrateKbps;
  // An encoder that drops frames sends less than both.
  const isHeldBack = limitedBy === 'bandwidth' && (availableKbps ?? Infinity) < share * videoBitrateKbps;
  const isFull = isHeldBack || sent >= share * FULL_SHARE;
  return isFull && sent > 0 ? sent * (1 - (lossPercent ?? 0) / 100) : Infinity;
}
