import { createUnwrapper } from './unwrap-counter.js';

/** The part of an RTP packet that ordering needs. */
export interface SequencedPacket {
  readonly sequenceNumber: number;
}

/** A packet in its turn. */
export interface OrderedPacket<P> {
  readonly packet: P;
  /** Packets before this one were given up. */
  readonly isAfterLoss: boolean;
}

export interface ReorderLimits {
  /** @defaultValue 128 */
  readonly maxPackets?: number;
  /**
   * How long a hole holds back what follows: long enough for one retransmission.
   * @defaultValue 150
   */
  readonly maxHoldMs?: number;
}

/** A sender that restarts counts from anywhere; beyond this distance it is not reordering. */
const RESTART_DISTANCE = 3000;

/** Puts RTP packets in order; bounded in packets and in time, so a hole cannot stop the stream. */
export class ReorderBuffer<P extends SequencedPacket> {
  readonly #maxPackets: number;
  readonly #maxHoldMs: number;
  readonly #waiting = new Map<number, { packet: P; arrivedAtMs: number }>();
  #unwrap = createUnwrapper(16);
  #next: number | undefined;

  constructor(limits: ReorderLimits = {}) {
    this.#maxPackets = limits.maxPackets ?? 128;
    this.#maxHoldMs = limits.maxHoldMs ?? 150;
  }

  /** Takes one packet and returns those whose turn has come, oldest first. */
  push(packet: P, nowMs: number): OrderedPacket<P>[] {
    let sequence = this.#unwrap(packet.sequenceNumber);
    const isRestart = this.#next !== undefined && Math.abs(sequence - this.#next) > RESTART_DISTANCE;
    if (isRestart) {
      this.#waiting.clear();
      this.#unwrap = createUnwrapper(16);
      sequence = this.#unwrap(packet.sequenceNumber);
      this.#next = sequence;
    }
    this.#next ??= sequence;
    if (sequence < this.#next || this.#waiting.has(sequence)) return [];
    this.#waiting.set(sequence, { packet, arrivedAtMs: nowMs });
    const released = this.#releaseRun(isRestart);
    while (this.#isOverdue(nowMs)) {
      this.#next = Math.min(...this.#waiting.keys());
      released.push(...this.#releaseRun(true));
    }
    return released;
  }

  #isOverdue(nowMs: number): boolean {
    if (this.#waiting.size === 0) return false;
    if (this.#waiting.size > this.#maxPackets) return true;
    for (const { arrivedAtMs } of this.#waiting.values()) {
      if (nowMs - arrivedAtMs > this.#maxHoldMs) return true;
    }
    return false;
  }

  #releaseRun(startsAfterLoss: boolean): OrderedPacket<P>[] {
    const run: OrderedPacket<P>[] = [];
    let next = this.#next ?? 0;
    for (let entry = this.#waiting.get(next); entry; entry = this.#waiting.get(next)) {
      run.push({ packet: entry.packet, isAfterLoss: startsAfterLoss && run.length === 0 });
      this.#waiting.delete(next);
      next += 1;
    }
    this.#next = next;
    return run;
  }
}
