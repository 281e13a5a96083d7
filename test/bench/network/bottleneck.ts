export interface BottleneckLimits {
  /** Rate that it takes, in kbit/s; `null` for any. */
  kbps: number | null;
  /** A packet that would wait longer is lost, as in a router's buffer. In milliseconds. */
  readonly queueMs: number;
}

/** The narrow place of a network in one direction: packets leave it one after another, and are lost when its queue is full. */
export class Bottleneck {
  readonly #limits: BottleneckLimits;
  #freeAtMs = -Infinity;

  constructor(limits: BottleneckLimits) {
    this.#limits = { ...limits };
  }

  setRate(kbps: number | null): void {
    this.#limits.kbps = kbps;
  }

  /** @returns when the last bit of the packet has left; `null` if the packet is lost. */
  pass(bytes: number, nowMs: number): number | null {
    const { kbps, queueMs } = this.#limits;
    const startMs = Math.max(nowMs, this.#freeAtMs);
    if (startMs - nowMs > queueMs) return null;
    this.#freeAtMs = startMs + (kbps === null ? 0 : (bytes * 8) / kbps);
    return this.#freeAtMs;
  }
}
