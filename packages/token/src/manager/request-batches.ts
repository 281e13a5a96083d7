import type { RefreshReason } from '@gatecast/contract';
import type { RequestBudget } from '../failure/request-budget.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenSlot } from './token-slot.js';

/** Streams that are requested within this time share one request. */
const BATCH_MS = 4;

interface Batch {
  readonly reason: RefreshReason;
  readonly slots: Set<TokenSlot>;
  cancel: Cancel;
}

/**
 * Collects the streams that need a token for the same reason at the same time, to send one request for all. A batch waits
 * while the budget is used up.
 */
export class RequestBatches {
  readonly #clock: Clock;
  readonly #budget: RequestBudget;
  readonly #send: (slots: readonly TokenSlot[], reason: RefreshReason) => void;
  readonly #batches = new Map<string, Batch>();

  constructor(
    clock: Clock,
    budget: RequestBudget,
    send: (slots: readonly TokenSlot[], reason: RefreshReason) => void,
  ) {
    this.#clock = clock;
    this.#budget = budget;
    this.#send = send;
  }

  /** @param isAlone - the stream gets a request of its own. */
  add(slot: TokenSlot, reason: RefreshReason, isAlone = false): void {
    const key = isAlone ? `${reason} ${slot.stream}` : reason;
    const batch = this.#batches.get(key);
    if (batch) {
      batch.slots.add(slot);
      return;
    }
    const added: Batch = { reason, slots: new Set([slot]), cancel: () => undefined };
    this.#batches.set(key, added);
    this.#sendIn(BATCH_MS, key, added);
  }

  /** The service has helped: what waits for the budget is sent. */
  refillBudget(): void {
    this.#budget.reset();
    for (const [key, batch] of this.#batches) {
      batch.cancel();
      this.#sendIn(BATCH_MS, key, batch);
    }
  }

  /** Removes a slot that has not been sent yet. The timer of an empty batch is cancelled. */
  remove(slot: TokenSlot): void {
    for (const [key, batch] of this.#batches) {
      if (!batch.slots.delete(slot) || batch.slots.size > 0) continue;
      batch.cancel();
      this.#batches.delete(key);
    }
  }

  #sendIn(delayMs: number, key: string, batch: Batch): void {
    batch.cancel = this.#clock.at(this.#clock.now() + delayMs, () => {
      const nowMs = this.#clock.now();
      const waitMs = this.#budget.waitMs(nowMs);
      if (waitMs > 0) {
        this.#sendIn(waitMs, key, batch);
        return;
      }
      this.#budget.spend(nowMs);
      this.#batches.delete(key);
      this.#send([...batch.slots], batch.reason);
    });
  }
}
