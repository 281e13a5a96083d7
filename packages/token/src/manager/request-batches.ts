import type { RefreshReason } from '@gatecast/contract';
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenSlot } from './token-slot.js';

/** Streams asked for within this time travel in one request. */
const BATCH_MS = 4;

interface Batch {
  readonly slots: Set<TokenSlot>;
  readonly cancel: Cancel;
}

/** Gathers the streams that want a token for the same reason, so that those wanted together travel together. */
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

  /** Takes back what has not been sent yet; a batch that is empty then leaves no alarm. */
  remove(slot: TokenSlot): void {
    for (const [reason, { slots, cancel }] of this.#batches) {
      if (!slots.delete(slot) || slots.size > 0) continue;
      cancel();
      this.#batches.delete(reason);
    }
  }
}
