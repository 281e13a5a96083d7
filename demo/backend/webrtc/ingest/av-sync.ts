import type { TrackKind } from '../media-packet.js';
import { createUnwrapper } from '../unwrap-counter.js';

/** Maps one RTP clock to the sender's wall clock. */
interface ClockMapping {
  readonly unwrap: (timestamp: number) => number;
  readonly ticksPerMs: number;
  /** Wall clock at tick 0, from arrival times. The minimum is the best estimate, because delay is never negative. */
  byArrivalMs: number | undefined;
  /** Wall clock at tick 0, from sender reports. */
  byReportMs: number | undefined;
}

/**
 * Maps the RTP timestamps of video and audio to one clock. It uses RTCP sender reports as soon as both tracks have
 * one, and arrival times before that.
 * @see https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1
 */
export class AvSync {
  readonly #rates: Record<TrackKind, number>;
  readonly #clocks: Record<TrackKind, ClockMapping>;

  /** @param audioOf shares the clock of its audio with this one. */
  constructor(rates: Record<TrackKind, number>, audioOf?: AvSync) {
    this.#rates = rates;
    const audio = audioOf ? audioOf.#clocks.audio : createMapping(rates.audio);
    this.#clocks = { video: createMapping(rates.video), audio };
  }

  /** The sync of another encoding of the same broadcast: its video has its own clock, the audio is the same. */
  forOtherVideo(): AvSync {
    return new AvSync(this.#rates, this);
  }

  onPacket(kind: TrackKind, timestamp: number, arrivedAtMs: number): void {
    const clock = this.#clocks[kind];
    const originMs = arrivedAtMs - clock.unwrap(timestamp) / clock.ticksPerMs;
    clock.byArrivalMs = Math.min(clock.byArrivalMs ?? originMs, originMs);
  }

  onSenderReport(kind: TrackKind, timestamp: number, senderTimeMs: number): void {
    const clock = this.#clocks[kind];
    clock.byReportMs = senderTimeMs - clock.unwrap(timestamp) / clock.ticksPerMs;
  }

  /** Converts a video timestamp to ms on the clock of the video track. */
  videoMs(timestamp: number): number {
    return trackMs(this.#clocks.video, timestamp);
  }

  /** Converts ms on the clock of this video track to ms on the clock of another one. */
  toVideoOf(other: AvSync, ms: number): number {
    const [from, to] = [this.#clocks.video, other.#clocks.video];
    if (from.byReportMs !== undefined && to.byReportMs !== undefined) {
      return ms + from.byReportMs - to.byReportMs;
    }
    return ms + (from.byArrivalMs ?? 0) - (to.byArrivalMs ?? 0);
  }

  /** Converts an audio timestamp to ms on the clock of the audio track. For streams without video. */
  audioOnlyMs(timestamp: number): number {
    return trackMs(this.#clocks.audio, timestamp);
  }

  /** Converts an audio timestamp to ms on the clock of the video track. */
  audioMs(timestamp: number): number {
    const { video, audio } = this.#clocks;
    const own = trackMs(audio, timestamp);
    if (video.byReportMs !== undefined && audio.byReportMs !== undefined) {
      return own + audio.byReportMs - video.byReportMs;
    }
    return own + (audio.byArrivalMs ?? 0) - (video.byArrivalMs ?? 0);
  }
}

function createMapping(rate: number): ClockMapping {
  return {
    unwrap: createUnwrapper(32),
    ticksPerMs: rate / 1000,
    byArrivalMs: undefined,
    byReportMs: undefined,
  };
}

function trackMs(clock: ClockMapping, timestamp: number): number {
  return clock.unwrap(timestamp) / clock.ticksPerMs;
}
