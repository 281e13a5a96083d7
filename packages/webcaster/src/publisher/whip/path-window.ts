import type { BroadcastStats } from '../../stats/broadcast-stats.js';

/** The statistics that are read here. */
export type PathReading = Pick<
  BroadcastStats,
  'videoKbps' | 'availableKbps' | 'lossPercent' | 'roundTripMs' | 'reportedAtMs' | 'limitedBy'
>;

/** What the last seconds say. */
export interface PathLevel {
  /** Mean of the receiver reports. */
  readonly lossPercent: number;
  /** How much longer the round trip is than the shortest of late: one longer reading does not count. */
  readonly delayMs: number;
  /** Is a queue becoming empty? */
  readonly isDraining: boolean;
  /** Receiver reports with at least `highLossPercent`. */
  readonly lossyReports: number;
}

interface Sample {
  readonly atMs: number;
  readonly lossPercent: number;
  readonly delayMs: number;
  readonly packets: number;
  /** `null` if the browser does not say. */
  readonly reportedAtMs: number | null;
}

/** Fewer say little: one of 25 lost is 4%. */
const ENOUGH_PACKETS = 200;
const LONGEST_MS = 10_000;
const BITS_OF_PACKET = 8800;
/** Readings of which the best one counts for the delay. */
const DELAY_SAMPLES = 3;
const DRAINING_MS_PER_SECOND = 50;

/** Number of packets that a second of video has, roughly. */
export function packetsOf(videoKbps: number | null): number {
  return ((videoKbps ?? 0) * 1000) / BITS_OF_PACKET;
}

/** Readings since the last change of what is sent. */
export class PathWindow {
  #samples: Sample[] = [];
  #fromMs = -Infinity;

  /** Forgets all; readings before `fromMs` belong to what was sent before. */
  restart(fromMs: number): void {
    this.#samples = [];
    this.#fromMs = fromMs;
  }

  add({ videoKbps, lossPercent, reportedAtMs }: PathReading, delayMs: number, atMs: number): void {
    if (atMs < this.#fromMs) return;
    const packets = packetsOf(videoKbps);
    this.#samples.push({ atMs, lossPercent: lossPercent ?? 0, delayMs, packets, reportedAtMs });
    if (atMs - (this.#samples[0]?.atMs ?? atMs) > LONGEST_MS) this.#samples.shift();
  }

  /** @returns `null` while there are too few readings. */
  level(spanMs: number, highLossPercent: number): PathLevel | null {
    const newest = this.#samples.at(-1);
    if (!newest) return null;
    let packets = 0;
    let lost = 0;
    let lossyReports = 0;
    let isLong = false;
    const reports = new Set<number>();
    for (let index = this.#samples.length - 1; index >= 0; index -= 1) {
      const sample = this.#samples[index];
      if (!sample) break;
      const ageMs = newest.atMs - sample.atMs;
      if (isLong && packets >= ENOUGH_PACKETS) break;
      isLong = ageMs >= spanMs;
      // A report that is read again says nothing new.
      if (sample.reportedAtMs !== null && reports.has(sample.reportedAtMs)) continue;
      if (sample.reportedAtMs !== null) reports.add(sample.reportedAtMs);
      packets += sample.packets;
      lost += sample.packets * sample.lossPercent;
      if (sample.lossPercent >= highLossPercent) lossyReports += 1;
    }
    if (!isLong) return null;
    const delays = this.#samples.slice(-DELAY_SAMPLES).map(({ delayMs }) => delayMs);
    const [first = 0] = delays;
    const fallsMs = first - newest.delayMs;
    return {
      lossPercent: packets > 0 ? lost / packets : newest.lossPercent,
      delayMs: Math.min(...delays),
      isDraining: fallsMs >= DRAINING_MS_PER_SECOND * (delays.length - 1),
      lossyReports,
    };
  }
}
