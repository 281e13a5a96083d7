import { systemClock, type Cancel, type Clock } from './clock.js';
import { freshTokenRejected, GatecastError } from './errors.js';
import { makeToken, takeToken, type TokenContext } from './make-token.js';
import { refreshAtMs, refreshLeadMs } from './refresh-schedule.js';
import { retryDelayMs } from './retry-policy.js';
import { ServerClock } from './server-clock.js';
import { TokenLeases, type LeaseOptions, type LeaseRecord, type TokenLease } from './token-leases.js';
import { readTokenAnswer, type ReadAnswer, type RefreshReason, type TokenPurpose } from './token-response.js';
import {
  createSlot,
  isAboutToEnd,
  remainingLifeMs,
  tokenStatus,
  type Flight,
  type TokenSlot,
  type TokenStatus,
} from './token-slot.js';
import type { TokenSource } from './token-source.js';
import { waitForToken } from './wait-for-token.js';
import { isSameValue, type Token, type TokenValue } from './token.js';

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

/** Streams asked for within this time travel in one request. */
const BATCH_MS = 4;
const MAX_WAIT_MS = 10_000;
const LEAD_MS = 60_000;
/** An alarm that comes this late slept through its time. */
const SLEPT_MS = 5000;
/** Final whatever happens: only the page can change it. */
const PAGE_MUST_ACT: ReadonlySet<string> = new Set(['token-refused', 'token-source-missing']);

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
  readonly #batches = new Map<RefreshReason, Set<TokenSlot>>();
  #version = 0;
  #cancelWake: Cancel | null = null;

  /** Called when the last lease is released. */
  onIdle: (() => void) | null = null;

  constructor(options: TokenManagerOptions) {
    this.#source = options.source;
    this.#purpose = options.purpose;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.serverClock = new ServerClock(this.#clock);
  }

  /** Keeps the tokens of some streams fresh from their first use until the lease is released. */
  lease({ streams, leadMs = LEAD_MS, onEvent = () => undefined }: LeaseOptions): TokenLease {
    const lease: LeaseRecord = { streams: new Set(streams), leadMs, onEvent };
    this.#leases.add(lease);
    this.#cancelWake ??= this.#clock.onWake((reason) => {
      if (reason === 'online') this.#retryNow();
    });
    for (const stream of lease.streams) this.#schedule(this.#slot(stream), false);
    return {
      get streams() {
        return lease.streams;
      },
      setStreams: (next) => {
        if (!this.#leases.has(lease)) return;
        const added = [...next].filter((stream) => !lease.streams.has(stream));
        lease.streams = new Set(next);
        for (const stream of added) this.#schedule(this.#slot(stream), false);
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
    const slot = this.#slot(stream);
    const nowMs = this.serverClock.now();
    const lifeMs = remainingLifeMs(slot, nowMs);
    if (slot.token && lifeMs > 0) {
      if (!isAboutToEnd(slot, nowMs) || slot.phase.kind === 'failed') return slot.token;
      const old = slot.token;
      try {
        return await this.#wait(slot, 'scheduled', {
          ...options,
          maxWaitMs: Math.min(lifeMs, options.maxWaitMs ?? MAX_WAIT_MS),
        });
      } catch (error) {
        if (options.signal?.aborted || remainingLifeMs(slot, this.serverClock.now()) <= 0) throw error;
        return slot.token ?? old;
      }
    }
    return this.#wait(slot, slot.token ? 'resume' : 'initial', options);
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
  seed(stream: string, value: TokenValue): void {
    const slot = this.#slot(stream);
    if (slot.token && isSameValue(slot.token.value, value)) return;
    const token = makeToken(stream, value, undefined, this.#context(), false);
    this.#leaveFlight(slot);
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
    const batch = this.#batches.get(reason);
    if (batch) {
      batch.add(slot);
      return;
    }
    this.#batches.set(reason, new Set([slot]));
    this.#clock.at(this.#clock.now() + BATCH_MS, () => {
      const slots = [...(this.#batches.get(reason) ?? [])].filter(
        ({ phase }) => phase.kind === 'requesting' && phase.reason === reason,
      );
      this.#batches.delete(reason);
      if (slots.length > 0) void this.#fly(slots, reason);
    });
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
    let answer: ReadAnswer | GatecastError;
    try {
      const streams = [...flight.streams];
      const raw = await this.#source.request({ purpose: this.#purpose, streams, reason }, { signal });
      answer = readTokenAnswer(raw, streams);
    } catch (error) {
      answer = asGatecastError(error);
    }
    if (signal.aborted) return;
    const receivedAtMs = this.#clock.now();
    const landing = slots.filter((slot) => slot.flight === flight);
    if (!(answer instanceof GatecastError)) {
      const { serverTimeMs, playlists } = answer;
      if (serverTimeMs !== null) this.serverClock.observeServerTime(serverTimeMs, sentAtMs, receivedAtMs);
      const streams = landing.map((slot) => slot.stream);
      if (playlists) this.#leases.tell(streams, { type: 'playlists', playlists });
    }
    // One draw for all: streams that were renewed together fall due together again.
    const random = this.#random();
    for (const slot of landing) {
      slot.flight = null;
      try {
        if (answer instanceof GatecastError) throw answer;
        const token = takeToken(slot, answer, this.#context());
        this.#accept(slot, token, reason, receivedAtMs - sentAtMs, random);
      } catch (error) {
        this.#fail(slot, asGatecastError(error), reason);
      }
    }
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
    if (reason === 'rejected') {
      const holdMs = retryDelayMs({ attempt: slot.rejections + 1, random: 1, remainingLifeMs: 0 });
      slot.rejectionHoldUntilMs = this.#clock.now() + holdMs;
    }
    this.#schedule(slot, reason === 'scheduled', random);
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
    slot.failures += 1;
    slot.lastReason = reason;
    const lifeMs = remainingLifeMs(slot, this.serverClock.now());
    const isRetried = error.retryable || (lifeMs > 0 && !PAGE_MUST_ACT.has(error.code));
    let willRetryInMs: number | null = null;
    if (isRetried && this.#leases.isHeld(slot.stream)) {
      willRetryInMs = retryDelayMs({
        attempt: slot.failures,
        random: this.#random(),
        retryAfterMs: error.retryAfterMs,
        remainingLifeMs: lifeMs,
      });
      slot.phase = { kind: 'retrying', reason, error };
      slot.cancelAlarm = this.#clock.at(this.#clock.now() + willRetryInMs, () => {
        this.#request(slot, reason);
      });
    } else {
      slot.phase = { kind: 'failed', error };
      for (const waiter of [...slot.waiters]) waiter.reject(error);
    }
    this.#leases.tell([slot.stream], { type: 'failed', stream: slot.stream, error, willRetryInMs });
  }

  /** Sets the alarm for the slot's next refresh. */
  #schedule(slot: TokenSlot, isSteady: boolean, random = this.#random()): void {
    if (slot.phase.kind !== 'idle') return;
    slot.cancelAlarm?.();
    slot.cancelAlarm = null;
    const expiresAtMs = slot.token?.expiresAtMs ?? null;
    if (expiresAtMs === null || !this.#leases.isHeld(slot.stream)) return;
    const receivedAtMs = this.serverClock.now();
    const dueAtMs = refreshAtMs({
      receivedAtMs,
      expiresAtMs,
      leadMs: this.#leases.leadMs(slot.stream),
      isSteady,
      random,
    });
    slot.refreshAtMs = dueAtMs - this.serverClock.offsetMs;
    slot.cancelAlarm = this.#clock.at(slot.refreshAtMs, () => {
      this.#refreshDue(slot);
    });
  }

  /** A slot is due: it is renewed, and with it all that would fall due soon after. */
  #refreshDue(slot: TokenSlot): void {
    const nowMs = this.#clock.now();
    const reason = nowMs - slot.refreshAtMs > SLEPT_MS ? 'resume' : 'scheduled';
    for (const other of this.#slots.values()) {
      const expiresAtMs = other.token?.expiresAtMs ?? null;
      if (other.phase.kind !== 'idle' || expiresAtMs === null || !this.#leases.isHeld(other.stream)) continue;
      const leadMs = refreshLeadMs(expiresAtMs - this.serverClock.now(), this.#leases.leadMs(other.stream));
      if (other === slot || other.refreshAtMs <= nowMs + leadMs / 2) this.#request(other, reason);
    }
  }

  /** The network is back: what waited for its next try is tried now, a little apart from everybody else. */
  #retryNow(): void {
    for (const slot of this.#slots.values()) {
      if (slot.phase.kind !== 'retrying') continue;
      slot.cancelAlarm?.();
      slot.cancelAlarm = this.#clock.at(this.#clock.now() + 500 * this.#random(), () => {
        this.#request(slot, 'resume');
      });
    }
  }

  /** Forgets streams that nobody holds any more, with their alarms and requests. */
  #sweep(): void {
    for (const slot of [...this.#slots.values()]) {
      if (this.#leases.isHeld(slot.stream)) continue;
      slot.cancelAlarm?.();
      this.#leaveFlight(slot);
      slot.phase = { kind: 'idle' };
      this.#slots.delete(slot.stream);
      for (const waiter of [...slot.waiters])
        waiter.reject(new DOMException('The stream was released.', 'AbortError'));
    }
  }

  #leaveFlight(slot: TokenSlot): void {
    const { flight } = slot;
    if (!flight) return;
    slot.flight = null;
    flight.streams.delete(slot.stream);
    if (flight.streams.size === 0) flight.controller.abort();
  }
}

function asGatecastError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError('token-source-failed', 'The token source failed.', {
    hint: 'See the cause.',
    retryable: true,
    cause: error,
  });
}
