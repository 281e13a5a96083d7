import type { BroadcastStats } from '../stats/broadcast-stats.js';
import type { SendingLimit, SendingStatus } from './broadcast-events.js';

/** Encoders adapt in their first seconds, and in each scene that changes: that is not worth a notice. */
const BEGINS_AFTER_MS = 5000;
const ENDS_AFTER_MS = 5000;

/** Says when something begins to limit what is sent, changes its size, or no longer does. */
export class SendingWatch {
  #reason: SendingLimit | null = null;
  #size = '';
  /** Since when the statistics say something else than `#reason`. */
  #otherSinceMs: number | null = null;

  /**
   * @param isReduced - is less sent than the settings allow, by the control of this page?
   * @param nowMs - of a clock that never goes back
   * @returns what is new; `null` if nothing is.
   */
  update(stats: BroadcastStats, isReduced: boolean, nowMs: number): SendingStatus | null {
    const reason = reasonOf(stats, isReduced);
    if (reason !== this.#reason) {
      this.#otherSinceMs ??= nowMs;
      const afterMs = reason === null ? ENDS_AFTER_MS : BEGINS_AFTER_MS;
      if (nowMs - this.#otherSinceMs < afterMs) return null;
    }
    this.#otherSinceMs = null;
    const size = `${String(stats.width)}x${String(stats.height)}`;
    const isNew = reason !== this.#reason || (reason !== null && size !== this.#size);
    this.#reason = reason;
    this.#size = size;
    return isNew ? describe(reason, stats) : null;
  }
}

function reasonOf({ limitedBy }: BroadcastStats, isReduced: boolean): SendingLimit | null {
  if (isReduced || limitedBy === 'bandwidth') return 'network';
  return limitedBy === 'cpu' ? 'device' : null;
}

function describe(reason: SendingLimit | null, stats: BroadcastStats): SendingStatus {
  const { width, height, framesPerSecond, videoKbps } = stats;
  const picture =
    width === null || height === null
      ? 'a picture of unknown size'
      : `${String(width)}x${String(height)} at ${String(Math.round(framesPerSecond ?? 0))} frames per second`;
  const rate = videoKbps === null ? '' : `, ${String(videoKbps)} kbit/s`;
  const start = {
    network: 'The network takes less than the settings allow',
    device: 'This device encodes less than the settings allow',
    none: 'Nothing limits the picture',
  }[reason ?? 'none'];
  return { reason, width, height, framesPerSecond, videoKbps, message: `${start}: ${picture}${rate}.` };
}
