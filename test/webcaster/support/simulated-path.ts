import type { NetworkReading } from '@gatecast/webcaster/internal/publisher/whip/follow-network';

export interface SimulatedPathOptions {
  /** Without a queue, in milliseconds. */
  readonly roundTripMs: number;
  /** A packet that would wait longer is lost. */
  readonly queueMs: number;
  /** What the browser expects the network to take at first, in kbit/s. */
  readonly estimateKbps: number;
}

/** Share of lost packets from which a browser without feedback on delay lowers its estimate, and below which it raises it. */
const LOWERED_FROM = 0.1;
const RAISED_BELOW = 0.02;
const RISE = 1.08;

/**
 * A network of one narrow place with a queue, and a browser whose estimate follows loss alone: that of Chromium for an ingest that
 * sends receiver reports only.
 */
export class SimulatedPath {
  readonly #options: SimulatedPathOptions;
  #estimateKbps: number;
  /** In kbit. */
  #queued = 0;
  /** What the server asks for again, in kbit. */
  #lost = 0;

  constructor(options: SimulatedPathOptions) {
    this.#options = options;
    this.#estimateKbps = options.estimateKbps;
  }

  /**
   * One second.
   *
   * @param limitKbps - `maxBitrate` of the picture, which takes all of it.
   * @param capacityKbps - what the network takes.
   */
  send(limitKbps: number, capacityKbps: number, nowMs: number): NetworkReading {
    const { roundTripMs, queueMs } = this.#options;
    const isLimited = this.#estimateKbps < limitKbps;
    // A limit of the encoder is none of what is sent again.
    const sent = Math.min(limitKbps + this.#lost, this.#estimateKbps);
    const most = (queueMs / 1000) * capacityKbps;
    const waiting = this.#queued + sent - capacityKbps;
    const lost = Math.max(0, waiting - most);
    this.#queued = Math.max(0, waiting - lost);
    this.#lost = Math.min(lost, limitKbps) / 2;
    const lossShare = lost / sent;
    if (lossShare >= LOWERED_FROM) this.#estimateKbps *= 1 - lossShare / 2;
    else if (lossShare < RAISED_BELOW) this.#estimateKbps *= RISE;
    return {
      videoKbps: sent,
      audioKbps: 0,
      availableKbps: this.#estimateKbps,
      lossPercent: lossShare * 100,
      roundTripMs: roundTripMs + (this.#queued / capacityKbps) * 1000,
      reportedAtMs: nowMs,
      limitedBy: isLimited ? 'bandwidth' : null,
      width: 1280,
      height: 720,
      framesPerSecond: 30,
    };
  }
}
