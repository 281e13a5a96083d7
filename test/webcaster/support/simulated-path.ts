import type { NetworkReading } from '@gatecast/webcaster/internal/publisher/whip/follow-network';

/** A network in one second. */
export interface PathState {
  /** In kbit/s, sound included. */
  readonly capacityKbps: number;
  /** A packet that would wait longer is lost, in milliseconds. */
  readonly queueMs: number;
  readonly roundTripMs: number;
  /** Share of packets that a radio link loses at any bitrate. */
  readonly lossShare?: number;
  /** The round trip varies by so much, in milliseconds. */
  readonly jitterMs?: number;
}

export interface SimulatedPathOptions {
  readonly seed?: number;
  /** Seconds between two receiver reports. */
  readonly reportEvery?: number;
  /** What the browser expects the network to take at first, in kbit/s. Without it, the browser does not react. */
  readonly estimateKbps?: number;
}

const AUDIO_KBPS = 100;
const BITS_OF_PACKET = 8800;
/** Share of lost packets from which Chromium lowers an estimate without feedback on delay, and below which it raises it. */
const LOWERED_FROM = 0.1;
const RAISED_BELOW = 0.02;
const RISE = 1.08;

/** Numbers in [0, 1) that are the same for each seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A network of one narrow place with a queue, and what a browser says about sending over it. */
export class SimulatedPath {
  readonly #random: () => number;
  readonly #reportEvery: number;
  #estimateKbps: number;
  readonly #hasEstimate: boolean;
  #second = 0;
  /** In kbit. */
  #queued = 0;
  /** What the server asks for again, in kbit. */
  #again = 0;
  #sinceReport = { packets: 0, lost: 0 };
  #report = { lossPercent: 0, roundTripMs: 0, reportedAtMs: 0 };

  constructor({ seed = 1, reportEvery = 1, estimateKbps }: SimulatedPathOptions = {}) {
    this.#random = createRandom(seed);
    this.#reportEvery = reportEvery;
    this.#hasEstimate = estimateKbps !== undefined;
    this.#estimateKbps = estimateKbps ?? Infinity;
  }

  /**
   * One second.
   *
   * @param wantedKbps - of the picture, within `maxBitrate`.
   */
  send(wantedKbps: number, path: PathState, nowMs: number): NetworkReading {
    const { capacityKbps, queueMs, roundTripMs, lossShare = 0, jitterMs = 0 } = path;
    const isLimited = this.#estimateKbps < wantedKbps;
    // A limit of the encoder is none of what is sent again.
    const videoKbps = Math.min(wantedKbps + this.#again, this.#estimateKbps);
    const sent = videoKbps + AUDIO_KBPS;
    const waiting = Math.max(0, this.#queued + sent - capacityKbps);
    const dropped = Math.max(0, waiting - (queueMs / 1000) * capacityKbps);
    this.#queued = waiting - dropped;
    const packets = Math.max(1, Math.round((sent * 1000) / BITS_OF_PACKET));
    let lost = 0;
    for (let packet = 0; packet < packets; packet += 1)
      if (this.#random() < dropped / sent || this.#random() < lossShare) lost += 1;
    this.#again = Math.min((lost / packets) * videoKbps, wantedKbps) / 2;
    this.#sinceReport = { packets: this.#sinceReport.packets + packets, lost: this.#sinceReport.lost + lost };
    if (this.#second % this.#reportEvery === 0) {
      const share = this.#sinceReport.lost / this.#sinceReport.packets;
      const queueNowMs = (this.#queued / capacityKbps) * 1000;
      this.#report = {
        lossPercent: share * 100,
        roundTripMs: roundTripMs + queueNowMs + jitterMs * this.#random(),
        reportedAtMs: nowMs,
      };
      this.#sinceReport = { packets: 0, lost: 0 };
      if (share >= LOWERED_FROM) this.#estimateKbps *= 1 - share / 2;
      else if (share < RAISED_BELOW) this.#estimateKbps *= RISE;
    }
    this.#second += 1;
    return {
      ...this.#report,
      videoKbps,
      audioKbps: AUDIO_KBPS,
      availableKbps: this.#hasEstimate ? this.#estimateKbps : null,
      limitedBy: isLimited ? 'bandwidth' : null,
      width: 1280,
      height: 720,
      framesPerSecond: 30,
    };
  }
}
