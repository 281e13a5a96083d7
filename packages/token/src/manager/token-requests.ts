import type { RefreshReason, TokenPurpose } from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import { isAccessEnd } from '../failure/access-end.js';
import { RequestBudget } from '../failure/request-budget.js';
import { retryDelayMs } from '../failure/retry-delay.js';
import type { ParsedTokenResponse } from '../source/parse-token-response.js';
import { toTokenError } from '../source/read-answer.js';
import { requestTokens, type TokenSource } from '../source/token-source.js';
import type { Token } from '../source/token.js';
import { tokenFromResponse } from './create-token.js';
import { afterFailure, isAskedAlone, isNextAlone, mayConcernOneStream } from './after-failure.js';
import { endAccess } from './end-access.js';
import type { ManagerContext } from './manager-context.js';
import { startPush } from './start-push.js';
import { RefreshTimer } from './refresh-timer.js';
import { shareRequests } from './share-requests.js';
import { startWaitMs } from './start-wait.js';
import { RequestBatches } from './request-batches.js';
import {
  forgetRejections,
  remainingLifeMs,
  type InFlightRequest,
  type RenewalReason,
  type TokenSlot,
} from './token-slot.js';

/** If the offset of the server's clock changes by more than this, all refreshes are scheduled again. */
const OFFSET_STEP_MS = 1000;
/** Requests that are repeated because of a refused token wait for a new one for so many failed attempts. */
const FAILURES_BEFORE_REUSE = 2;

/** Requests tokens from one source, and puts each result into its slot: a token, a retry or a final error. */
export class TokenRequests {
  readonly timer: RefreshTimer;
  readonly #context: ManagerContext;
  source: TokenSource;
  readonly purpose: TokenPurpose;
  readonly #budget = new RequestBudget();
  readonly #batches: RequestBatches;

  constructor(context: ManagerContext, source: TokenSource, purpose: TokenPurpose) {
    this.#context = context;
    this.source = source;
    this.purpose = purpose;
    this.timer = new RefreshTimer(context, (slot, reason) => this.start(slot, reason));
    this.#batches = new RequestBatches(
      context.clock,
      this.#budget,
      (slots, reason) => void shareRequests(context, this, slots, reason),
    );
  }

  /** Requests a token for a slot, together with all that start in the same few milliseconds for the same reason. */
  start(slot: TokenSlot, reason: RefreshReason): void {
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    const group = this.source.started?.(slot.stream, reason) ?? (isNextAlone(slot) ? slot : null);
    slot.phase = { kind: 'requesting', reason };
    this.#batches.add(slot, reason, group);
  }

  /** Removes a slot from its request. A request without slots is aborted. */
  cancel(slot: TokenSlot): void {
    this.#batches.remove(slot);
    const { request } = slot;
    if (!request) return;
    slot.request = null;
    request.streams.delete(slot.stream);
    if (request.streams.size === 0) request.controller.abort();
  }

  /** Puts a new token into its slot and schedules the next refresh. */
  accept(slot: TokenSlot, token: Token, reason: RenewalReason, durationMs: number, random: number): void {
    if (slot.isAccepted && remainingLifeMs(slot, this.#context.serverClock.now()) > 0)
      slot.fallback = slot.token;
    slot.token = token;
    slot.isRejected = slot.isSuspected = false;
    slot.isAccepted = false;
    slot.phase = { kind: 'idle' };
    // A new token for a refused one helps only if an origin accepts it.
    if (reason !== 'rejected') slot.failures = 0;
    if (/^(?:initial|scheduled|resume|tab)$/.test(reason)) this.#batches.refillBudget();
    slot.lastReason = reason;
    slot.isSteady = reason === 'scheduled';
    slot.random = random;
    if (reason === 'rejected') {
      const holdMs = retryDelayMs({ attempt: slot.rejections, random });
      slot.rejectionHoldUntilMs = this.#context.clock.now() + holdMs;
    }
    this.timer.schedule(slot);
    for (const waiter of [...slot.waiters]) waiter.resolve(token);
    this.#context.leases.emit([slot.stream], {
      type: 'refreshed',
      stream: slot.stream,
      reason,
      expiresAtMs: token.expiresAtMs,
      durationMs,
    });
  }

  /** An origin has refused a token. */
  refused(): void {
    this.#budget.refused(this.#context.clock.now());
  }

  /** An origin has accepted the token of a slot: its next refusal counts as the first one. */
  accepted(slot: TokenSlot): void {
    forgetRejections(slot);
    // A token that is used again because a newer one is refused has told nothing new.
    if (slot.isAccepted) return;
    // It may accept playlists and refuse segments. So what is spent on refusals counts until there has been none for a while.
    if (slot.lastReason === 'rejected' && this.#batches.refillBudget()) slot.failures = 0;
    if (slot.phase.kind === 'retrying' && slot.phase.reason === 'rejected') {
      slot.phase = { kind: 'idle' };
      this.timer.schedule(slot);
    }
    slot.isAccepted = true;
    slot.fallback = null;
    slot.refused = null;
  }

  /** Lets one request be sent now, whatever was before. */
  allowOne(): void {
    this.#budget.allowOne(this.#context.clock.now());
  }

  /** The network is back: retries what waits for its next attempt. */
  retryNow(): void {
    this.allowOne();
    this.timer.retryNow();
  }

  /**
   * Returns to the token that an origin accepted before, if it is still valid: the newer one is refused, and a good token
   * is not given up for a worse one. The next request follows after the backoff. Returns `null` if there is none.
   */
  fallBack(slot: TokenSlot, error: GatecastError): Token | null {
    const { fallback } = slot;
    slot.fallback = null;
    const nowMs = this.#context.serverClock.now();
    if (!fallback || (fallback.expiresAtMs !== null && fallback.expiresAtMs <= nowMs)) return null;
    slot.token = fallback;
    slot.isRejected = false;
    slot.isAccepted = true;
    slot.rejectionHoldUntilMs = 0;
    if (slot.phase.kind !== 'requesting') this.#retry(slot, error, 'rejected', this.#context.random());
    for (const waiter of [...slot.waiters]) waiter.resolve(fallback);
    return fallback;
  }

  /**
   * Requests tokens; with the failure of another tab's request, that counts instead. Never rejects: the slots hold the result.
   */
  async send(slots: readonly TokenSlot[], reason: RefreshReason, failure?: GatecastError): Promise<void> {
    const { clock, serverClock } = this.#context;
    const request: InFlightRequest = {
      streams: new Set(slots.map((slot) => slot.stream)),
      controller: new AbortController(),
    };
    for (const slot of slots) slot.request = request;
    let [sentAtMs, receivedAtMs] = [clock.now(), 0];
    const { offsetMs } = serverClock;
    const body = { purpose: this.purpose, streams: [...request.streams], reason };
    const response =
      failure ??
      (await requestTokens(this.source, body, {
        signal: request.controller.signal,
        now: () => serverClock.now(),
        onStarted: (...times) => ([sentAtMs, receivedAtMs] = times),
      }));
    receivedAtMs ||= clock.now();
    const pending = slots.filter((slot) => slot.request === request);
    let alone: readonly TokenSlot[] = [];
    if (response instanceof GatecastError) {
      if (pending.length > 1 && mayConcernOneStream(response))
        alone = pending.filter((slot) => isAskedAlone(slot, response));
    } else {
      const { serverTimeMs, playlists, media = [], isPushed } = response;
      if (isPushed) startPush(this, this.#context, this.purpose);
      if (serverTimeMs !== null) serverClock.observeServerTime(serverTimeMs, sentAtMs, receivedAtMs);
      if (playlists) this.#context.leases.emit([...request.streams], { type: 'playlists', playlists, media });
    }
    // One random number for all: streams that were requested together are due together again.
    const random = this.#context.random();
    for (const slot of pending) {
      // A listener of the slot before may have released this stream, or set a newer token.
      if (slot.request !== request || alone.includes(slot)) continue;
      slot.request = null;
      this.#settle(slot, response, reason, receivedAtMs - sentAtMs, random);
    }
    if (Math.abs(serverClock.offsetMs - offsetMs) >= OFFSET_STEP_MS)
      for (const slot of this.#context.slots.values()) this.timer.schedule(slot);
    await this.#sendEach(
      alone.filter((slot) => slot.request === request),
      reason,
    );
  }

  /** Requests each stream alone: at once after the first failure, later within the budget. */
  async #sendEach(slots: readonly TokenSlot[], reason: RefreshReason): Promise<void> {
    const sendAlone = async (slot: TokenSlot): Promise<void> => {
      if (slot.failures > 0) {
        slot.request = null;
        this.#batches.add(slot, reason, slot);
      } else {
        this.#budget.spend(this.#context.clock.now());
        await this.send([slot], reason);
      }
    };
    await Promise.all(slots.map(sendAlone));
  }

  #settle(
    slot: TokenSlot,
    response: ParsedTokenResponse | GatecastError,
    reason: RefreshReason,
    durationMs: number,
    random: number,
  ): void {
    try {
      if (response instanceof GatecastError) throw response;
      const token = tokenFromResponse(slot, response, this.#context, durationMs);
      const waitMs = startWaitMs(slot, token, this.#context.serverClock);
      if (waitMs === 0) {
        this.accept(slot, token, reason, durationMs, random);
        return;
      }
      const { clock } = this.#context;
      slot.cancelAlarm = clock.at(clock.now() + waitMs, () => {
        this.accept(slot, token, reason, durationMs, random);
      });
    } catch (error) {
      this.#fail(slot, toTokenError(error), reason, random);
    }
  }

  #fail(slot: TokenSlot, error: GatecastError, reason: RefreshReason, random: number): void {
    if (isAccessEnd(error.code)) {
      endAccess(slot, error, this, this.#context);
      return;
    }
    if (error.code === 'token-unchanged' && slot.isRejected && reason !== 'rejected') {
      // The token was refused while its refresh was in flight. The next request has the reason `rejected`.
      this.start(slot, 'rejected');
      return;
    }
    if (slot.isRejected && slot.fallback) {
      slot.phase = { kind: 'idle' };
      if (this.fallBack(slot, error)) return;
    }
    const lifeMs = remainingLifeMs(slot, this.#context.serverClock.now());
    const isOnlySuspected = slot.isSuspected && !slot.isRejected && lifeMs > 0;
    slot.isSuspected = false;
    if (isOnlySuspected) {
      slot.phase = { kind: 'idle' };
      this.timer.schedule(slot);
      for (const waiter of [...slot.waiters]) waiter.reject(error);
      return;
    }
    const next = afterFailure(slot, error, reason, lifeMs > 0);
    const { leases } = this.#context;
    const isNeeded = leases.isKeptFresh(slot.stream) || (leases.isHeld(slot.stream) && slot.waiters.size > 0);
    if (next === 'retry' && isNeeded) {
      this.#retry(slot, error, reason, random);
      return;
    }
    slot.failures += 1;
    slot.lastReason = reason;
    slot.phase = next === 'stop' ? { kind: 'failed', error } : { kind: 'idle' };
    this.timer.schedule(slot);
    for (const waiter of [...slot.waiters]) waiter.reject(error);
    this.#report(slot, error, null);
  }

  /** The next request follows after the backoff. */
  #retry(slot: TokenSlot, error: GatecastError, reason: RefreshReason, random: number): void {
    const { serverClock } = this.#context;
    slot.failures += 1;
    slot.lastReason = reason;
    const willRetryInMs = retryDelayMs({
      attempt: slot.failures,
      random,
      retryAfterMs: error.retryAfterMs,
      // No viewer plays with a refused token.
      remainingLifeMs: reason === 'rejected' ? 0 : remainingLifeMs(slot, serverClock.now()),
    });
    slot.phase = { kind: 'retrying', reason, error };
    this.timer.retryIn(slot, willRetryInMs);
    if (reason === 'rejected') this.#tryRefusedAgain(slot);
    this.#report(slot, error, willRetryInMs);
  }

  /** If there is no newer token, the refused one is used again: the origin may have learned its key by now. */
  #tryRefusedAgain(slot: TokenSlot): void {
    slot.isRejected = false;
    const { token } = slot;
    if (!token || slot.failures < FAILURES_BEFORE_REUSE) return;
    if (remainingLifeMs(slot, this.#context.serverClock.now()) > 0)
      for (const waiter of [...slot.waiters]) waiter.resolve(token);
  }

  #report({ stream }: TokenSlot, error: GatecastError, willRetryInMs: number | null): void {
    this.#context.leases.emit([stream], { type: 'failed', stream, error, willRetryInMs });
  }
}
