import type { RefreshReason } from '@gatecast/contract';
import type { RequestBudget } from '../failure/request-budget.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenSlot } from './token-slot.js';

/** Streams that are requested within this time share one request. */
const BATCH_MS = 4;

interface Batch {
  readonly reason: RefreshReason;
  readonly group: unknown;
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
  readonly #batches = new Set<Batch>();

  constructor(
    clock: Clock,
    budget: RequestBudget,
    send: (slots: readonly TokenSlot[], reason: RefreshReason) => void,
  ) {
    this.#clock = clock;
    this.#budget = budget;
    this.#send = send;
  }

  /** @param group - only streams with the same one share a request. */
  add(slot: TokenSlot, reason: RefreshReason, group: unknown = null): void {
    const batch = [...this.#batches].find((each) => each.reason === reason && each.group === group);
    if (batch) {
      batch.slots.add(slot);
      return;
    }
    const added: Batch = { reason, group, slots: new Set([slot]), cancel: () => undefined };
    this.#batches.add(added);
    // A request that is under way waits for no other stream.
    this.#sendIn(group ? 0 : BATCH_MS, added);
  }

  /** The service has helped: what waits for the budget is sent. Returns false if origins refuse what it has sent. */
  refillBudget(): boolean {
    if (!this.#budget.reset(this.#clock.now())) return false;
    for (const batch of this.#batches) {
      batch.cancel();
      this.#sendIn(BATCH_MS, batch);
    }
    return true;
  }

  /** Removes a slot that has not been sent yet. The timer of an empty batch is cancelled. */
  remove(slot: TokenSlot): void {
    for (const batch of this.#batches) {
      if (!batch.slots.delete(slot) || batch.slots.size > 0) continue;
      batch.cancel();
      this.#batches.delete(batch);
    }
  }

  #sendIn(delayMs: number, batch: Batch): void {
    batch.cancel = this.#clock.at(this.#clock.now() + delayMs, () => {
      const nowMs = this.#clock.now();
      const waitMs = this.#budget.waitMs(nowMs);
      if (waitMs > 0) {
        this.#sendIn(waitMs, batch);
        return;
      }
      this.#budget.spend(nowMs);
      this.#batches.delete(batch);
      this.#send([...batch.slots], batch.reason);
    });
  }
}
