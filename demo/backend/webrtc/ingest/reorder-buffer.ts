import { createUnwrapper } from '../unwrap-counter.js';

/** Field of an RTP packet that the buffer needs. */
export interface SequencedPacket {
  readonly sequenceNumber: number;
}

/** A packet in sequence order. */
export interface OrderedPacket<P> {
  readonly packet: P;
  /** Packets before this one are lost. */
  readonly isAfterLoss: boolean;
}

export interface ReorderLimits {
  /** Largest number of packets that wait for a missing one. @defaultValue 128 */
  readonly maxPackets?: number;
  /**
   * Time in ms that packets wait for a missing one. It is long enough for one retransmission.
   * @defaultValue 150
   */
  readonly maxHoldMs?: number;
}

/** A larger jump means that the sender restarted with a random sequence number. */
const RESTART_DISTANCE = 3000;

/** Reorders RTP packets. Packets and time are limited, so a missing packet cannot stop the stream. */
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

  /** Adds a packet and returns the packets that are now in sequence, oldest first. */
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
