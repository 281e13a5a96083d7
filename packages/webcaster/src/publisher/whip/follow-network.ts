import type { BroadcastStats } from '../../stats/broadcast-stats.js';
import type { DegradationPreference, EncodingSettings } from '../broadcast-target.js';
import { LossControl } from './follow-loss.js';

/** What is left of the settings where the network does not take them. */
export interface Reduction {
  /** Width and height are divided by this number, at least 1. */
  readonly scale: number;
  /** Share of `framerate`, at most 1. */
  readonly frames: number;
  /** Share of `video-bitrate`, at most 1. */
  readonly bitrate: number;
}

export const NO_REDUCTION: Reduction = { scale: 1, frames: 1, bitrate: 1 };

/** The statistics that the control reads. */
export type NetworkReading = Pick<
  BroadcastStats,
  | 'videoKbps'
  | 'audioKbps'
  | 'availableKbps'
  | 'lossPercent'
  | 'roundTripMs'
  | 'reportedAtMs'
  | 'limitedBy'
  | 'width'
  | 'height'
  | 'framesPerSecond'
>;

/** Settings that the control may not exceed. */
export type NetworkLimits = Pick<
  EncodingSettings,
  'videoBitrateKbps' | 'framerate' | 'degradationPreference'
> & {
  /** Does the browser choose among layers of several sizes? Then only the bitrate is reduced. */
  readonly hasLayers: boolean;
  /** Pixels of a whole picture, as it is captured; `null` if not known. */
  readonly pixels: number | null;
};

type Step = Pick<Reduction, 'scale' | 'frames'>;

/** From the whole picture to the smallest, for each preference. */
const STEPS: Readonly<Record<DegradationPreference, readonly Step[]>> = {
  balanced: steps([1, 1], [1.5, 1], [2, 1], [2, 2 / 3], [3, 1 / 2], [4, 1 / 2]),
  'maintain-framerate': steps([1, 1], [1.5, 1], [2, 1], [3, 1], [4, 1]),
  'maintain-resolution': steps([1, 1], [1, 2 / 3], [1, 1 / 2], [1, 1 / 3], [1, 1 / 4], [1, 1 / 6]),
};

/** A codec needs more bits for each pixel of a smaller picture. */
const SIZE_EXPONENT = 0.75;
/** Share of its usual bitrate below which a picture is worse than a smaller one. */
const POOR_SHARE = 0.4;
/** A larger picture needs some room, or it would soon be reduced again. */
const ROOM = 1.3;
const DOWN_AFTER_MS = 3000;
const UP_AFTER_MS = 10_000;
/** A larger picture that fails so soon was too large: the next attempt waits twice as long. */
const FAILED_WITHIN_MS = 20_000;
const LONGEST_UP_MS = 80_000;

/**
 * Fits picture and bitrate to what the network takes: down after three seconds, up after ten or more, never above the settings.
 *
 * Browsers lower the bitrate by themselves, from the ingest's feedback. They do not all lower the size or frame rate with it, and
 * not with each encoder, and without feedback on delay they fill the network's queues. So the control chooses the picture for
 * the bitrate that is left, unless the browser already sends one as small; and where loss or delay stay high although the browser
 * does not reduce, it reduces the bitrate itself.
 */
export class NetworkControl {
  /** The preference that `#step` belongs to. */
  #preference: DegradationPreference = 'balanced';
  #step = 0;
  #bitrate = 1;
  readonly #loss: LossControl;
  #lowSinceMs: number | null = null;
  #roomSinceMs: number | null = null;
  #raisedAtMs = -Infinity;
  #upAfterMs = UP_AFTER_MS;

  /**
   * @param previous - the control of the connection before: this one goes on with its reduction and its wait for more.
   * @param nowMs - when the new connection begins; of a clock that never goes back.
   */
  constructor(previous?: NetworkControl, nowMs = -Infinity) {
    this.#loss = new LossControl(previous ? previous.#loss : undefined, nowMs);
    if (!previous) return;
    this.#preference = previous.#preference;
    this.#step = previous.#step;
    this.#bitrate = previous.#bitrate;
    this.#raisedAtMs = previous.#raisedAtMs;
    this.#upAfterMs = previous.#upAfterMs;
  }

  /** @param nowMs - of a clock that never goes back. */
  update(reading: NetworkReading, limits: NetworkLimits, nowMs: number): Reduction {
    this.#follow(limits.degradationPreference);
    const before = this.#bitrate;
    this.#bitrate = this.#loss.update(reading, limits.videoBitrateKbps, nowMs);
    if (limits.hasLayers) this.#step = 0;
    else this.#followBitrate(reading, limits, { isLowered: this.#bitrate < before, nowMs });
    return this.reduction(limits.degradationPreference);
  }

  /** The reduction of now, in the steps of a preference. */
  reduction(preference: DegradationPreference): Reduction {
    this.#follow(preference);
    const { scale, frames } = stepAt(preference, this.#step);
    return { scale, frames, bitrate: this.#bitrate };
  }

  /** Another preference begins with as few pixels per second as the one before has left. */
  #follow(preference: DegradationPreference): void {
    if (preference === this.#preference) return;
    const left = pixelShare(stepAt(this.#preference, this.#step));
    const steps = STEPS[preference];
    const step = steps.findIndex((each) => pixelShare(each) <= left);
    this.#step = step < 0 ? steps.length - 1 : step;
    this.#preference = preference;
  }

  #followBitrate(
    reading: NetworkReading,
    limits: NetworkLimits,
    { isLowered, nowMs }: { isLowered: boolean; nowMs: number },
  ): void {
    const last = STEPS[limits.degradationPreference].length - 1;
    const kbps = this.#kbpsOf(reading, limits);
    const isLimited = reading.limitedBy === 'bandwidth' || this.#bitrate < 1;
    const isLow =
      isLimited &&
      kbps !== null &&
      kbps < neededKbps(limits, this.#step) &&
      !isAlreadyReduced(reading, limits, this.#step);
    this.#lowSinceMs = isLow ? (this.#lowSinceMs ?? nowMs) : null;
    const hasRoom = this.#step > 0 && !isLow && this.#hasRoom(kbps, isLimited, limits);
    this.#roomSinceMs = hasRoom ? (this.#roomSinceMs ?? nowMs) : null;
    // A lower bitrate of the control is for longer: its picture comes with it.
    const waitMs = isLowered ? 0 : DOWN_AFTER_MS;
    if (this.#lowSinceMs !== null && nowMs - this.#lowSinceMs >= waitMs && this.#step < last) {
      // At once to the picture that fits: one step after the other would take many seconds.
      while (this.#step < last && (kbps ?? 0) < neededKbps(limits, this.#step)) this.#step += 1;
      this.#lowSinceMs = null;
      const hasFailed = nowMs - this.#raisedAtMs < FAILED_WITHIN_MS;
      this.#upAfterMs = hasFailed ? Math.min(this.#upAfterMs * 2, LONGEST_UP_MS) : UP_AFTER_MS;
    } else if (this.#roomSinceMs !== null && nowMs - this.#roomSinceMs >= this.#upAfterMs) {
      // Where the bitrate is known, at once to the picture that fits.
      const smallest = kbps === null ? this.#step - 1 : 0;
      do this.#step -= 1;
      while (this.#step > smallest && this.#hasRoom(kbps, isLimited, limits));
      this.#raisedAtMs = nowMs;
      this.#roomSinceMs = null;
    }
  }

  /** Without an estimate of the browser, only an attempt can tell. */
  #hasRoom(kbps: number | null, isLimited: boolean, limits: NetworkLimits): boolean {
    if (kbps === null) return !isLimited;
    const needed = neededKbps(limits, this.#step - 1) * ROOM;
    return kbps >= Math.min(needed, limits.videoBitrateKbps);
  }

  /** The bitrate that is left for the picture; `null` if the browser does not say. */
  #kbpsOf(reading: NetworkReading, { videoBitrateKbps }: NetworkLimits): number | null {
    const { availableKbps, audioKbps, videoKbps, limitedBy } = reading;
    const own = this.#bitrate < 1 ? this.#bitrate * videoBitrateKbps : Infinity;
    if (availableKbps !== null) return Math.min(own, Math.max(0, availableKbps - (audioKbps ?? 0)));
    // What is sent is less than the network takes where the picture needs little: a screen that stands still.
    if (limitedBy === 'bandwidth' && videoKbps !== null) return Math.min(own, videoKbps);
    return own === Infinity ? null : own;
  }
}

function steps(...values: readonly (readonly [number, number])[]): readonly Step[] {
  return values.map(([scale, frames]) => ({ scale, frames }));
}

/** Share of `video-bitrate` that an encoder starts with. */
const START_SHARE = 0.6;

/** Share of `video-bitrate` that a connection starts with: no more than the network has taken before, if that is known. */
export function startShare(reduction: Reduction): number {
  const pixels = pixelShare(reduction);
  const picture = pixels < 1 ? pixels ** SIZE_EXPONENT * POOR_SHARE : 1;
  return Math.min(START_SHARE * reduction.bitrate, picture);
}

function stepAt(preference: DegradationPreference, index: number): Step {
  const ladder = STEPS[preference];
  return ladder[Math.min(index, ladder.length - 1)] ?? NO_REDUCTION;
}

/** Share of the pixels of each second that a step sends. */
function pixelShare({ scale, frames }: Step): number {
  return frames / (scale * scale);
}

/** The bitrate that a step needs to look better than the next one. */
function neededKbps({ degradationPreference, videoBitrateKbps }: NetworkLimits, index: number): number {
  const share = pixelShare(stepAt(degradationPreference, index));
  return videoBitrateKbps * share ** SIZE_EXPONENT * POOR_SHARE;
}

/** Does the browser itself already send a picture as small as that of the next step? An encoder with too few bits drops frames. */
function isAlreadyReduced(
  { width, height }: NetworkReading,
  { degradationPreference, pixels }: NetworkLimits,
  index: number,
): boolean {
  if (width === null || height === null || pixels === null) return false;
  const { scale } = stepAt(degradationPreference, index + 1);
  if (scale === stepAt(degradationPreference, index).scale) return false;
  return width * height <= (pixels / (scale * scale)) * 1.1;
}
