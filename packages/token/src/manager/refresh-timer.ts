import type { RefreshReason } from '@gatecast/contract';
import type { ManagerContext } from './manager-context.js';
import { refreshAtMs, refreshLeadMs } from './refresh-schedule.js';
import type { TokenSlot } from './token-slot.js';

/** A timer that fires this late was due while the device slept. */
const SLEPT_MS = 5000;
/** Lead, as a part of its life, of a token that its origin renews: the backend is asked only if that has failed. */
const LATE_LEAD = 0.1;
/** Longest random delay before a retry when the network is back. */
const RETRY_NOW_MS = 500;

/** Starts the next request of each slot when it is due: a refresh before the token expires, or a retry. */
export class RefreshTimer {
  readonly #context: ManagerContext;
  readonly #request: (slot: TokenSlot, reason: RefreshReason) => void;

  constructor(context: ManagerContext, request: (slot: TokenSlot, reason: RefreshReason) => void) {
    this.#context = context;
    this.#request = request;
  }

  /** Sets the timer for the next refresh of a slot, if its stream is leased and its token has an expiry. */
  schedule(slot: TokenSlot): void {
    if (slot.phase.kind !== 'idle') return;
    const { clock, leases, serverClock } = this.#context;
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    const { token, isSteady, random } = slot;
    if (token?.expiresAtMs == null || !leases.isKeptFresh(slot.stream)) return;
    const { receivedAtMs, expiresAtMs } = token;
    const leadMs = token.isRenewedByOrigin
      ? Math.min(leases.leadMs(slot.stream), (expiresAtMs - receivedAtMs) * LATE_LEAD)
      : leases.leadMs(slot.stream);
    const dueAtMs = refreshAtMs({ receivedAtMs, expiresAtMs, leadMs, isSteady, random });
    slot.refreshAtMs = Math.max(clock.now(), dueAtMs - serverClock.offsetMs);
    slot.cancelAlarm = clock.at(slot.refreshAtMs, () => {
      this.#refresh(slot);
    });
  }

  /** Cancels the next request of a slot whose stream no lease keeps fresh, unless something waits for the token. */
  rest(slot: TokenSlot): void {
    const { phase, waiters } = slot;
    if (phase.kind === 'requesting' || waiters.size > 0 || this.#context.leases.isKeptFresh(slot.stream))
      return;
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    if (phase.kind === 'retrying') slot.phase = { kind: 'idle' };
  }

  /** Sets the timer for the retry of a slot whose request failed. */
  retryIn(slot: TokenSlot, delayMs: number): void {
    const { clock } = this.#context;
    const dueAtMs = clock.now() + delayMs;
    slot.cancelAlarm?.();
    slot.cancelAlarm = clock.at(dueAtMs, () => {
      if (slot.phase.kind === 'retrying') this.#request(slot, this.#reasonNow(slot.phase.reason, dueAtMs));
    });
  }

  /** The network is back: retries what waits for its next attempt, each after a short random delay. */
  retryNow(): void {
    for (const slot of this.#context.slots.values()) {
      const { phase } = slot;
      // A backend that sent Retry-After was reached, so it was not the network that failed.
      if (phase.kind !== 'retrying' || phase.error.retryAfterMs !== undefined) continue;
      if (phase.reason === 'scheduled') slot.phase = { ...phase, reason: 'resume' };
      this.retryIn(slot, RETRY_NOW_MS * this.#context.random());
    }
  }

  /** Refreshes a slot that is due, and all that would be due soon after, in one request. */
  #refresh(slot: TokenSlot): void {
    const { clock, leases, slots } = this.#context;
    const nowMs = clock.now();
    const reason = this.#reasonNow('scheduled', slot.refreshAtMs);
    for (const other of slots.values()) {
      const { token, phase } = other;
      if (phase.kind !== 'idle' || token?.expiresAtMs == null || !leases.isKeptFresh(other.stream)) continue;
      const lifeMs = token.expiresAtMs - token.receivedAtMs;
      const soonMs = refreshLeadMs(lifeMs, leases.leadMs(other.stream)) / 2;
      if (other === slot || other.refreshAtMs <= nowMs + soonMs) this.#request(other, reason);
    }
  }

  /** A scheduled request that is late by more than {@link SLEPT_MS} is one after sleep. */
  #reasonNow(reason: RefreshReason, dueAtMs: number): RefreshReason {
    return reason === 'scheduled' && this.#context.clock.now() - dueAtMs > SLEPT_MS ? 'resume' : reason;
  }
}
