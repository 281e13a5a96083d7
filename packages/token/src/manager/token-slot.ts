import type { RefreshReason } from '@gatecast/contract';
import type { Cancel } from '../time/clock.js';
import type { GatecastError } from '../errors.js';
import type { Token } from '../source/token.js';

/** What the manager is doing for a stream, apart from the token it may have in hand. */
export type SlotPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'requesting'; readonly reason: RefreshReason }
  | { readonly kind: 'retrying'; readonly reason: RefreshReason; readonly error: GatecastError }
  | { readonly kind: 'failed'; readonly error: GatecastError };

/** How a stream's token stands, for people and for `tokenStates`. */
export type TokenState =
  'none' | 'requesting' | 'fresh' | 'refreshing' | 'retrying' | 'rejected' | 'expired' | 'failed';

/** A stream's token as it may be shown: never the token itself. */
export interface TokenStatus {
  readonly stream: string;
  readonly state: TokenState;
  /** Milliseconds since the epoch by the server's clock; `null` when there is no token or its end is unknown. */
  readonly expiresAtMs: number | null;
  readonly lastReason: RefreshReason | null;
}

export interface Waiter {
  resolve(token: Token): void;
  reject(error: Error): void;
}

/** All that is known of one stream's token. */
export interface TokenSlot {
  readonly stream: string;
  token: Token | null;
  /** An origin refused the token in hand. */
  isRejected: boolean;
  phase: SlotPhase;
  /** Failed requests in a row. */
  failures: number;
  /** Tokens refused by an origin in a row, each made because the one before was refused. */
  rejections: number;
  /** Client time before which another refusal does not cost a request. */
  rejectionHoldUntilMs: number;
  lastReason: RefreshReason | null;
  /** Did the token in hand come by schedule? See `RefreshTiming`. */
  isSteady: boolean;
  /** The draw that places its refresh, kept so that a schedule made anew is the same one. */
  random: number;
  /** Client time of the next scheduled refresh. */
  refreshAtMs: number;
  /** The next refresh or retry. */
  cancelAlarm: Cancel | null;
  /** Ends the request in flight when nobody waits for it any more. */
  flight: Flight | null;
  readonly waiters: Set<Waiter>;
}

/** One request, for one stream or several. */
export interface Flight {
  readonly streams: Set<string>;
  readonly controller: AbortController;
}

export function createSlot(stream: string): TokenSlot {
  return {
    stream,
    token: null,
    isRejected: false,
    phase: { kind: 'idle' },
    failures: 0,
    rejections: 0,
    rejectionHoldUntilMs: 0,
    lastReason: null,
    isSteady: false,
    random: 0,
    refreshAtMs: Infinity,
    cancelAlarm: null,
    flight: null,
    waiters: new Set(),
  };
}

/** Milliseconds until the token in hand ends; 0 without one, `Infinity` when its end is unknown. */
export function remainingLifeMs(slot: TokenSlot, serverNowMs: number): number {
  if (!slot.token || slot.isRejected) return 0;
  return slot.token.expiresAtMs === null ? Infinity : Math.max(0, slot.token.expiresAtMs - serverNowMs);
}

/** A request takes time to arrive, so a token this near its end is replaced before it is used. */
export function isAboutToEnd(slot: TokenSlot, serverNowMs: number): boolean {
  const token = slot.token;
  if (token?.expiresAtMs == null) return false;
  const lifeMs = token.expiresAtMs - token.receivedAtMs;
  return token.expiresAtMs - serverNowMs < Math.min(2000, lifeMs / 10);
}

export function tokenStatus(slot: TokenSlot, serverNowMs: number): TokenStatus {
  return {
    stream: slot.stream,
    state: tokenState(slot, remainingLifeMs(slot, serverNowMs) > 0),
    expiresAtMs: slot.token?.expiresAtMs ?? null,
    lastReason: slot.lastReason,
  };
}

function tokenState(slot: TokenSlot, isAlive: boolean): TokenState {
  switch (slot.phase.kind) {
    case 'requesting':
      return isAlive ? 'refreshing' : 'requesting';
    case 'retrying':
      return 'retrying';
    case 'failed':
      return 'failed';
    case 'idle':
      if (!slot.token) return 'none';
      return isAlive ? 'fresh' : slot.isRejected ? 'rejected' : 'expired';
  }
}
