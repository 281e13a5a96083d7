import type { RefreshReason, TokenPurpose, TokenValue } from '@gatecast/contract';
import { freshTokenRejected, type GatecastError } from '../errors.js';
import { readTokenValue } from '../source/read-token-item.js';
import type { TokenSource } from '../source/token-source.js';
import { isSameValue, type Token } from '../source/token.js';
import { systemClock, type Cancel, type Clock } from '../time/clock.js';
import { ServerClock } from '../time/server-clock.js';
import { createToken } from './create-token.js';
import { endAccess } from './end-access.js';
import { hasEnded } from './has-ended.js';
import type { ManagerContext, RenewToken } from './manager-context.js';
import { TokenLeases, type LeaseOptions, type LeaseRecord, type TokenLease } from './token-leases.js';
import { TokenRequests } from './token-requests.js';
import {
  createSlot,
  forgetRejections,
  isAboutToEnd,
  remainingLifeMs,
  requestReason,
  tokenStatus,
  type TokenSlot,
  type TokenStatus,
} from './token-slot.js';
import { waitForToken } from './wait-for-token.js';

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
  /** Longest wait for a token, retries included, in milliseconds. @defaultValue 10,000 */
  maxWaitMs?: number;
}

const MAX_WAIT_MS = 10_000;
const LEAD_MS = 60_000;

/**
 * Owns every token of one source: one request in flight per stream, refreshed before it expires while a lease holds
 * the stream, retried with backoff, replaced at once when an origin refuses it.
 */
export class TokenManager {
  readonly serverClock: ServerClock;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #slots = new Map<string, TokenSlot>();
  readonly #leases = new TokenLeases();
  readonly #context: ManagerContext;
  readonly #requests: TokenRequests;
  #cancelWake: Cancel | null = null;

  /** Called when the first lease begins. */
  onHeld: (() => void) | null = null;
  /** Called when the last lease is released. */
  onIdle: (() => void) | null = null;

  constructor({ source, purpose, clock = systemClock, random = Math.random }: TokenManagerOptions) {
    this.#clock = clock;
    this.#random = random;
    this.serverClock = new ServerClock(clock);
    this.#context = {
      clock,
      random,
      serverClock: this.serverClock,
      slots: this.#slots,
      leases: this.#leases,
      version: 0,
    };
    this.#requests = new TokenRequests(this.#context, source, purpose);
  }

  /** Where tokens are requested. With another one, the tokens stay, and are renewed there. */
  get source(): TokenSource {
    return this.#requests.source;
  }

  set source(source: TokenSource) {
    this.#requests.source = source;
    this.#context.tabs?.moved();
  }

  /** Keeps the tokens of some streams fresh, from their first use until the lease is released. */
  lease({ streams, leadMs = LEAD_MS, onEvent = () => undefined }: LeaseOptions): TokenLease {
    const lease: LeaseRecord = {
      streams: new Set(streams),
      leadMs: Number.isNaN(leadMs) ? LEAD_MS : leadMs,
      onEvent,
    };
    const isFirst = this.#leases.size === 0;
    this.#leases.add(lease);
    this.#cancelWake ??= this.#clock.onWake((reason) => {
      if (reason === 'online') this.#requests.retryNow();
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
        this.#removeUnheld();
        this.#leases.onChange?.();
      },
      rest: () => {
        lease.isResting = true;
        this.#leases.onChange?.();
        for (const stream of lease.streams) this.#requests.timer.rest(this.#slot(stream));
      },
      resume: () => {
        if (!lease.isResting) return;
        lease.isResting = false;
        this.#leases.onChange?.();
        for (const stream of lease.streams) {
          const slot = this.#slot(stream);
          // Only what the viewer, the page or the backend does starts an access again that has ended.
          if (!hasEnded(slot)) this.#hold(slot);
        }
      },
      release: () => {
        if (!this.#leases.delete(lease)) return;
        this.#removeUnheld();
        if (this.#leases.size > 0) return;
        this.#context.tabs?.close();
        this.#cancelWake?.();
        this.#cancelWake = null;
        this.onIdle?.();
      },
    };
  }

  /**
   * A token that is valid now: at once if there is one, otherwise after a wait of limited time.
   *
   * @throws GatecastError why there is none; or the signal's reason.
   */
  async get(stream: string, options: GetOptions = {}): Promise<Token> {
    const { signal, maxWaitMs = MAX_WAIT_MS } = options;
    const slot = this.#slot(stream);
    const lifeMs = remainingLifeMs(slot, this.serverClock.now());
    if (!slot.token || lifeMs <= 0) return this.#wait(slot, requestReason(slot), { signal, maxWaitMs });
    if (!isAboutToEnd(slot, this.serverClock.now()) || slot.phase.kind === 'failed') return slot.token;
    const untilMs = this.#clock.now() + maxWaitMs;
    try {
      return await this.#wait(slot, 'scheduled', { signal, maxWaitMs: Math.min(lifeMs, maxWaitMs) });
    } catch (error) {
      if (signal?.aborted || this.#slots.get(stream) !== slot) throw error;
      if (remainingLifeMs(slot, this.serverClock.now()) > 0) return slot.token;
    }
    // The old token has expired. The rest of the wait is for a new one, as for any other caller.
    return this.#wait(slot, requestReason(slot), { signal, maxWaitMs: untilMs - this.#clock.now() });
  }

  /** The token if it is valid now; never waits. */
  peek(stream: string): Token | null {
    const slot = this.#slots.get(stream);
    if (!slot) return null;
    const nowMs = this.serverClock.now();
    return remainingLifeMs(slot, nowMs) > 0 && !isAboutToEnd(slot, nowMs) ? slot.token : null;
  }

  /**
   * Reports that an origin refused a token (401 or 403), and gets another. However many requests report the same
   * token, it is replaced once.
   *
   * @throws GatecastError `token-rejected` when that token had itself just replaced a refused one.
   */
  async rejected(stream: string, version: number, options: GetOptions = {}): Promise<Token> {
    const slot = this.#slot(stream);
    if (slot.token?.version !== version || slot.isRejected) return this.get(stream, options);
    slot.refused = slot.token.value;
    this.#requests.refused();
    if (this.#clock.now() < slot.rejectionHoldUntilMs) {
      const error = freshTokenRejected(stream);
      const fallback = this.#requests.fallBack(slot, error);
      if (!fallback) throw error;
      return fallback;
    }
    slot.isRejected = true;
    slot.isAccepted = false;
    slot.rejections += 1;
    if (slot.phase.kind === 'retrying') slot.phase = { ...slot.phase, reason: 'rejected' };
    return this.#wait(slot, 'rejected', options);
  }

  /**
   * Requests another token with the reason `rejected`, because an origin may have refused this one: the browser does not
   * show the response. Until the other one comes, this one stays in use.
   *
   * @throws GatecastError why there is none; it is not reported in an event, and the request is not repeated.
   */
  renew(stream: string, version: number, options: GetOptions = {}): Promise<Token> {
    const slot = this.#slot(stream);
    if (slot.token?.version !== version || slot.isRejected) return this.get(stream, options);
    if (slot.phase.kind === 'idle') {
      slot.isSuspected = true;
      this.#requests.start(slot, 'rejected');
    }
    return this.#wait(slot, 'rejected', options);
  }

  /**
   * Ends the access to a stream at once, as an origin or the backend demands. Each use of it fails with this error until the
   * page calls {@link refresh}.
   */
  end(stream: string, error: GatecastError): void {
    const slot = this.#slots.get(stream);
    if (slot) endAccess(slot, error, this.#requests, this.#context);
  }

  /** Reports that an origin accepted a token, so its next refusal counts as the first one. */
  accepted(stream: string, version: number): void {
    const slot = this.#slots.get(stream);
    if (slot?.token?.version === version) this.#requests.accepted(slot);
  }

  /** Requests a new token now, even after a final error. */
  refresh(stream: string, options: GetOptions = {}): Promise<Token> {
    const slot = this.#slot(stream);
    forgetRejections(slot);
    if (slot.phase.kind !== 'requesting') this.#requests.start(slot, 'manual');
    return this.#wait(slot, 'manual', options);
  }

  /**
   * Sets a token that the page provides; it is used from the next request on.
   *
   * @throws GatecastError when it cannot be used (`token-expired`, `token-time-unit`, …).
   */
  seed(stream: string, given: TokenValue): void {
    const slot = this.#slot(stream);
    const value = readTokenValue(given);
    if (slot.token && isSameValue(slot.token.value, value)) return;
    const token = createToken(stream, value, undefined, this.#context, null);
    this.#requests.cancel(slot);
    this.#requests.accept(slot, token, slot.token ? 'manual' : 'initial', 0, this.#random());
  }

  /**
   * Takes a token that a media origin has sent with its response to a request, in place of the one of that request.
   *
   * @param renew - returns the renewed token; `null` if the response has none that can be used: the backend is asked in time.
   */
  adopt(stream: string, version: number, renew: RenewToken): void {
    const slot = this.#slots.get(stream);
    if (slot?.token?.version !== version || slot.isRejected || slot.phase.kind !== 'idle') return;
    const token = renew(slot.token, this.#context);
    if (token) this.#requests.accept(slot, token, 'origin', 0, this.#random());
  }

  status(stream: string): TokenStatus {
    return tokenStatus(this.#slots.get(stream) ?? createSlot(stream), this.serverClock.now());
  }

  #slot(stream: string): TokenSlot {
    let slot = this.#slots.get(stream);
    if (!slot) this.#slots.set(stream, (slot = createSlot(stream)));
    return slot;
  }

  /** A new lease holds the slot's stream: its refresh is scheduled, and after a final error it is tried again. */
  #hold(slot: TokenSlot): void {
    if (slot.phase.kind === 'failed') slot.phase = { kind: 'idle' };
    this.#requests.timer.schedule(slot);
  }

  /** Waits for the slot's next token; starts a request unless one is in flight or about to be retried. */
  #wait(
    slot: TokenSlot,
    reason: RefreshReason,
    { signal, maxWaitMs = MAX_WAIT_MS }: GetOptions,
  ): Promise<Token> {
    if (slot.phase.kind === 'failed') return Promise.reject(slot.phase.error);
    if (slot.phase.kind === 'idle' && !signal?.aborted) this.#requests.start(slot, reason);
    return waitForToken(slot, this.#clock, maxWaitMs, signal);
  }

  /** Removes the slots of streams that no lease holds, with their timers and requests. */
  #removeUnheld(): void {
    for (const slot of [...this.#slots.values()]) {
      if (this.#leases.isHeld(slot.stream)) continue;
      slot.cancelAlarm?.();
      this.#requests.cancel(slot);
      slot.phase = { kind: 'idle' };
      this.#slots.delete(slot.stream);
      for (const waiter of [...slot.waiters])
        waiter.reject(new DOMException('The stream was released.', 'AbortError'));
    }
  }
}
