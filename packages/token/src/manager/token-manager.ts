import type { RefreshReason, TokenPurpose, TokenValue } from '@gatecast/contract';
import { systemClock, type Cancel, type Clock } from '../time/clock.js';
import { freshTokenRejected, GatecastError } from '../errors.js';
import { afterFailure, mayConcernOneStream } from './failure-policy.js';
import { createToken, tokenFromResponse, type TokenContext } from './create-token.js';
import { refreshAtMs, refreshLeadMs } from './refresh-schedule.js';
import { RequestBatches } from './request-batches.js';
import { retryDelayMs } from './retry-delay.js';
import { ServerClock } from '../time/server-clock.js';
import { TokenLeases, type LeaseOptions, type LeaseRecord, type TokenLease } from './token-leases.js';
import { readTokenValue } from '../source/parse-token-response.js';
import {
  createSlot,
  isAboutToEnd,
  remainingLifeMs,
  tokenStatus,
  type Flight,
  type TokenSlot,
  type TokenStatus,
} from './token-slot.js';
import { requestTokens, toTokenError, type TokenSource } from '../source/token-source.js';
import { waitForToken } from './wait-for-token.js';
import { isSameValue, type Token } from '../source/token.js';

export interface TokenManagerOptions {
  source: TokenSource;
  purpose: TokenPurpose;
  /** @defaultValue the page's own clock */
  clock?: Clock;
  /** A number in [0, 1). @defaultValue `Math.random` */
  random?: () => number;
}

export interface GetOptions {
  signal?: AbortSignal | undefined;
  /** Longest wait for a token, retries included. @defaultValue 10,000 */
  maxWaitMs?: number;
}

const MAX_WAIT_MS = 10_000;
const LEAD_MS = 60_000;
/** An alarm that comes this late slept through its time. */
const SLEPT_MS = 5000;
/** Server and client moved apart by more than this: what was scheduled before is scheduled anew. */
const OFFSET_STEP_MS = 1000;

/**
 * Owns every token value of one source: one request in flight per stream, refreshed ahead of its end while someone
 * holds a lease, retried with backoff, replaced at once when an origin refuses it.
 */
export class TokenManager {
  readonly serverClock: ServerClock;
  readonly #source: TokenSource;
  readonly #purpose: TokenPurpose;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #slots = new Map<string, TokenSlot>();
  readonly #leases = new TokenLeases();
  readonly #batches: RequestBatches;
  #version = 0;
  #cancelWake: Cancel | null = null;

  /** Called when the first lease is taken. */
  onHeld: (() => void) | null = null;
  /** Called when the last lease is released. */
  onIdle: (() => void) | null = null;

  constructor(options: TokenManagerOptions) {
    this.#source = options.source;
    this.#purpose = options.purpose;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.serverClock = new ServerClock(this.#clock);
    this.#batches = new RequestBatches(this.#clock, (slots, reason) => void this.#fly(slots, reason));
  }

  /** Keeps the tokens of some streams fresh from their first use until the lease is released. */
  lease({ streams, leadMs = LEAD_MS, onEvent = () => undefined }: LeaseOptions): TokenLease {
    const lease: LeaseRecord = {
      streams: new Set(streams),
      leadMs: Number.isNaN(leadMs) ? LEAD_MS : leadMs,
      onEvent,
    };
    const isFirst = this.#leases.size === 0;
    this.#leases.add(lease);
    this.#cancelWake ??= this.#clock.onWake((reason) => {
      if (reason === 'online') this.#retryNow();
    });
    for (const stream of lease.streams) this.#hold(this.#slot(stream));
    if (isFirst) this.onHeld?.();
    return {
      get streams() {
        return lease.streams;
      },
      setStreams: (next) => {
        if (!this.#leases.has(lease)) return;
        const before = lease.streams;
        lease.streams = new Set(next);
        for (const stream of lease.streams) if (!before.has(stream)) this.#hold(this.#slot(stream));
        this.#sweep();
      },
      release: () => {
        if (!this.#leases.delete(lease)) return;
        this.#sweep();
        if (this.#leases.size > 0) return;
        this.#cancelWake?.();
        this.#cancelWake = null;
        this.onIdle?.();
      },
    };
  }

  /**
   * A token that is good now: at once while one is fresh, else after waiting for it, for a bounded time.
   *
   * @throws GatecastError why there is none; or the signal's reason.
   */
  async get(stream: string, options: GetOptions = {}): Promise<Token> {
    const { signal, maxWaitMs = MAX_WAIT_MS } = options;
    const slot = this.#slot(stream);
    const lifeMs = remainingLifeMs(slot, this.serverClock.now());
    if (!slot.token || lifeMs <= 0) return this.#wait(slot, reasonToAsk(slot), { signal, maxWaitMs });
    if (!isAboutToEnd(slot, this.serverClock.now()) || slot.phase.kind === 'failed') return slot.token;
    const untilMs = this.#clock.now() + maxWaitMs;
    try {
      return await this.#wait(slot, 'scheduled', { signal, maxWaitMs: Math.min(lifeMs, maxWaitMs) });
    } catch (error) {
      if (signal?.aborted || this.#slots.get(stream) !== slot) throw error;
      if (remainingLifeMs(slot, this.serverClock.now()) > 0) return slot.token;
    }
    // The old token ended first. What is left of the wait is for a new one, as for any other caller.
    return this.#wait(slot, reasonToAsk(slot), { signal, maxWaitMs: untilMs - this.#clock.now() });
  }

  /** The token in hand if it is good now; never waits. */
  peek(stream: string): Token | null {
    const slot = this.#slots.get(stream);
    if (!slot) return null;
    const nowMs = this.serverClock.now();
    return remainingLifeMs(slot, nowMs) > 0 && !isAboutToEnd(slot, nowMs) ? slot.token : null;
  }

  /**
   * An origin refused a token (401 or 403): gets another, once for however many requests met the refusal.
   *
   * @throws GatecastError `token-rejected` when that token had itself just been made because of a refusal.
   */
  async rejected(stream: string, version: number, options: GetOptions = {}): Promise<Token> {
    const slot = this.#slot(stream);
    if (slot.token?.version !== version || slot.isRejected) return this.get(stream, options);
    if (this.#clock.now() < slot.rejectionHoldUntilMs) throw freshTokenRejected(stream);
    slot.isRejected = true;
    slot.rejections += 1;
    if (slot.phase.kind === 'retrying') slot.phase = { ...slot.phase, reason: 'rejected' };
    return this.#wait(slot, 'rejected', options);
  }

  /** An origin took a token: the next refusal is a new story. */
  accepted(stream: string, version: number): void {
    const slot = this.#slots.get(stream);
    if (slot?.token?.version !== version) return;
    slot.rejections = 0;
    slot.rejectionHoldUntilMs = 0;
  }

  /** Asks for a new token now, also after a final answer. */
  refresh(stream: string, options: GetOptions = {}): Promise<Token> {
    const slot = this.#slot(stream);
    slot.rejections = 0;
    slot.rejectionHoldUntilMs = 0;
    if (slot.phase.kind !== 'requesting') this.#request(slot, 'manual');
    return this.#wait(slot, 'manual', options);
  }

  /**
   * Takes a token that the page brought along; it is used from the next request on.
   *
   * @throws GatecastError when it cannot be used (`token-expired`, `token-time-unit`, …).
   */
  seed(stream: string, given: TokenValue): void {
    const slot = this.#slot(stream);
    const value = readTokenValue(given);
    if (slot.token && isSameValue(slot.token.value, value)) return;
    const token = createToken(stream, value, undefined, this.#context(), false);
    this.#leave(slot);
    this.#accept(slot, token, slot.token ? 'manual' : 'initial', 0, this.#random());
  }

  status(stream: string): TokenStatus {
    return tokenStatus(this.#slots.get(stream) ?? createSlot(stream), this.serverClock.now());
  }

  #slot(stream: string): TokenSlot {
    let slot = this.#slots.get(stream);
    if (!slot) this.#slots.set(stream, (slot = createSlot(stream)));
    return slot;
  }

  /** Someone new holds the slot's stream: its schedule follows, and what had ended for good is tried once more. */
  #hold(slot: TokenSlot): void {
    if (slot.phase.kind === 'failed') slot.phase = { kind: 'idle' };
    this.#schedule(slot);
  }

  /** Waits for the slot's next token; starts a request unless one is under way or about to be repeated. */
  #wait(
    slot: TokenSlot,
    reason: RefreshReason,
    { signal, maxWaitMs = MAX_WAIT_MS }: GetOptions,
  ): Promise<Token> {
    if (slot.phase.kind === 'failed') return Promise.reject(slot.phase.error);
    if (slot.phase.kind === 'idle' && !signal?.aborted) this.#request(slot, reason);
    return waitForToken(slot, this.#clock, maxWaitMs, signal);
  }

  #request(slot: TokenSlot, reason: RefreshReason): void {
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    slot.phase = { kind: 'requesting', reason };
    this.#batches.add(slot, reason);
  }

  /** One request for some streams. Never rejects: its outcome is in the slots. */
  async #fly(slots: readonly TokenSlot[], reason: RefreshReason): Promise<void> {
    const flight: Flight = {
      streams: new Set(slots.map((slot) => slot.stream)),
      controller: new AbortController(),
    };
    const { signal } = flight.controller;
    for (const slot of slots) slot.flight = flight;
    const sentAtMs = this.#clock.now();
    const { offsetMs } = this.serverClock;
    const request = { purpose: this.#purpose, streams: [...flight.streams], reason };
    const answer = await requestTokens(this.#source, request, signal);
    const receivedAtMs = this.#clock.now();
    const landing = slots.filter((slot) => slot.flight === flight);
    if (answer instanceof GatecastError && landing.length > 1 && mayConcernOneStream(answer)) {
      for (const slot of landing) void this.#fly([slot], reason);
      return;
    }
    if (!(answer instanceof GatecastError)) {
      const { serverTimeMs, playlists } = answer;
      if (serverTimeMs !== null) this.serverClock.observeServerTime(serverTimeMs, sentAtMs, receivedAtMs);
      const streams = landing.map((slot) => slot.stream);
      if (playlists) this.#leases.tell(streams, { type: 'playlists', playlists });
    }
    // One draw for all: streams that were renewed together fall due together again.
    const random = this.#random();
    for (const slot of landing) {
      // A listener of the slot before may have released this one, or brought a newer token.
      if (slot.flight !== flight) continue;
      slot.flight = null;
      try {
        if (answer instanceof GatecastError) throw answer;
        const token = tokenFromResponse(slot, answer, this.#context());
        this.#accept(slot, token, reason, receivedAtMs - sentAtMs, random);
      } catch (error) {
        this.#fail(slot, toTokenError(error), reason);
      }
    }
    if (Math.abs(this.serverClock.offsetMs - offsetMs) < OFFSET_STEP_MS) return;
    for (const slot of this.#slots.values()) this.#schedule(slot);
  }

  #context(): TokenContext {
    return { clock: this.#clock, serverClock: this.serverClock, version: ++this.#version };
  }

  #accept(slot: TokenSlot, token: Token, reason: RefreshReason, durationMs: number, random: number): void {
    slot.token = token;
    slot.isRejected = false;
    slot.phase = { kind: 'idle' };
    slot.failures = 0;
    slot.lastReason = reason;
    slot.isSteady = reason === 'scheduled';
    slot.random = random;
    if (reason === 'rejected') {
      const holdMs = retryDelayMs({ attempt: slot.rejections + 1, random: 1, remainingLifeMs: 0 });
      slot.rejectionHoldUntilMs = this.#clock.now() + holdMs;
    }
    this.#schedule(slot);
    for (const waiter of [...slot.waiters]) waiter.resolve(token);
    this.#leases.tell([slot.stream], {
      type: 'refreshed',
      stream: slot.stream,
      reason,
      expiresAtMs: token.expiresAtMs,
      durationMs,
    });
  }

  #fail(slot: TokenSlot, error: GatecastError, reason: RefreshReason): void {
    if (error.code === 'token-unchanged' && slot.isRejected && reason !== 'rejected') {
      // Refused while it was being renewed: the backend could not know, so it is asked again and told why.
      this.#request(slot, 'rejected');
      return;
    }
    slot.failures += 1;
    slot.lastReason = reason;
    const lifeMs = remainingLifeMs(slot, this.serverClock.now());
    const next = afterFailure(slot, error, reason, lifeMs > 0);
    let willRetryInMs: number | null = null;
    if (next === 'retry' && this.#leases.isHeld(slot.stream)) {
      willRetryInMs = retryDelayMs({
        attempt: slot.failures,
        random: this.#random(),
        retryAfterMs: error.retryAfterMs,
        remainingLifeMs: lifeMs,
      });
      slot.phase = { kind: 'retrying', reason, error };
      this.#retryIn(slot, willRetryInMs);
    } else {
      slot.phase = next === 'stop' ? { kind: 'failed', error } : { kind: 'idle' };
      this.#schedule(slot);
      for (const waiter of [...slot.waiters]) waiter.reject(error);
    }
    this.#leases.tell([slot.stream], { type: 'failed', stream: slot.stream, error, willRetryInMs });
  }

  #retryIn(slot: TokenSlot, delayMs: number): void {
    const dueAtMs = this.#clock.now() + delayMs;
    slot.cancelAlarm?.();
    slot.cancelAlarm = this.#clock.at(dueAtMs, () => {
      if (slot.phase.kind === 'retrying') this.#request(slot, this.#reasonNow(slot.phase.reason, dueAtMs));
    });
  }

  /** What comes by schedule comes after sleep when its time is long over. */
  #reasonNow(reason: RefreshReason, dueAtMs: number): RefreshReason {
    return reason === 'scheduled' && this.#clock.now() - dueAtMs > SLEPT_MS ? 'resume' : reason;
  }

  /** Sets the alarm for the slot's next refresh. */
  #schedule(slot: TokenSlot): void {
    if (slot.phase.kind !== 'idle') return;
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    const { token, isSteady, random } = slot;
    if (token?.expiresAtMs == null || !this.#leases.isHeld(slot.stream)) return;
    const { receivedAtMs, expiresAtMs } = token;
    const leadMs = this.#leases.leadMs(slot.stream);
    const dueAtMs = refreshAtMs({ receivedAtMs, expiresAtMs, leadMs, isSteady, random });
    slot.refreshAtMs = Math.max(this.#clock.now(), dueAtMs - this.serverClock.offsetMs);
    slot.cancelAlarm = this.#clock.at(slot.refreshAtMs, () => {
      this.#refreshDue(slot);
    });
  }

  /** A slot is due: it is renewed, and with it all that would fall due soon after. */
  #refreshDue(slot: TokenSlot): void {
    const nowMs = this.#clock.now();
    const reason = this.#reasonNow('scheduled', slot.refreshAtMs);
    for (const other of this.#slots.values()) {
      const { token, phase } = other;
      if (phase.kind !== 'idle' || token?.expiresAtMs == null || !this.#leases.isHeld(other.stream)) continue;
      const lifeMs = token.expiresAtMs - token.receivedAtMs;
      const soonMs = refreshLeadMs(lifeMs, this.#leases.leadMs(other.stream)) / 2;
      if (other === slot || other.refreshAtMs <= nowMs + soonMs) this.#request(other, reason);
    }
  }

  /** The network is back: what waits for its next try is tried now, a little apart from everybody else. */
  #retryNow(): void {
    for (const slot of this.#slots.values()) {
      const { phase } = slot;
      // A backend that named its time was reached; the network was not what failed.
      if (phase.kind !== 'retrying' || phase.error.retryAfterMs !== undefined) continue;
      if (phase.reason === 'scheduled') slot.phase = { ...phase, reason: 'resume' };
      this.#retryIn(slot, 500 * this.#random());
    }
  }

  /** Forgets streams that nobody holds any more, with their alarms and requests. */
  #sweep(): void {
    for (const slot of [...this.#slots.values()]) {
      if (this.#leases.isHeld(slot.stream)) continue;
      slot.cancelAlarm?.();
      this.#leave(slot);
      slot.phase = { kind: 'idle' };
      this.#slots.delete(slot.stream);
      for (const waiter of [...slot.waiters])
        waiter.reject(new DOMException('The stream was released.', 'AbortError'));
    }
  }

  /** Takes a slot out of the request that it is in, or was to be in. */
  #leave(slot: TokenSlot): void {
    this.#batches.remove(slot);
    const { flight } = slot;
    if (!flight) return;
    slot.flight = null;
    flight.streams.delete(slot.stream);
    if (flight.streams.size === 0) flight.controller.abort();
  }
}

function reasonToAsk({ token, isRejected }: TokenSlot): RefreshReason {
  return token ? (isRejected ? 'rejected' : 'resume') : 'initial';
}
