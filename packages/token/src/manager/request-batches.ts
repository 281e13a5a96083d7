import type { RefreshReason } from '@gatecast/contract';
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenSlot } from './token-slot.js';

/** Streams that are requested within this time share one request. */
const BATCH_MS = 4;

interface Batch {
  readonly slots: Set<TokenSlot>;
  readonly cancel: Cancel;
}

/** Collects the streams that need a token for the same reason at the same time, to send one request for all. */
export class RequestBatches {
  readonly #clock: Clock;
  readonly #send: (slots: readonly TokenSlot[], reason: RefreshReason) => void;
  readonly #batches = new Map<RefreshReason, Batch>();

  constructor(clock: Clock, send: (slots: readonly TokenSlot[], reason: RefreshReason) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  add(slot: TokenSlot, reason: RefreshReason): void {
    const batch = this.#batches.get(reason);
    if (batch) {
      batch.slots.add(slot);
      return;
    }
    const slots = new Set([slot]);
    const cancel = this.#clock.at(this.#clock.now() + BATCH_MS, () => {
      this.#batches.delete(reason);
      this.#send([...slots], reason);
    });
    this.#batches.set(reason, { slots, cancel });
  }

  /** Removes a slot that has not been sent yet. The timer of an empty batch is cancelled. */
  remove(slot: TokenSlot): void {
    for (const [reason, { slots, cancel }] of this.#batches) {
      if (!slots.delete(slot) || slots.size > 0) continue;
      cancel();
      this.#batches.delete(reason);
    }
  }
}
