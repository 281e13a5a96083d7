import type { RefreshReason, TokenPart, TokenValue } from '@gatecast/contract';
import type { Cancel } from '../time/clock.js';
import type { GatecastError } from '../errors.js';
import { partsOf } from '../source/read-token-item.js';
import type { Token } from '../source/token.js';

/** What the manager does for a stream at the moment, whether or not it has a token. */
export type SlotPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'requesting'; readonly reason: RefreshReason }
  | { readonly kind: 'retrying'; readonly reason: RefreshReason; readonly error: GatecastError }
  | { readonly kind: 'failed'; readonly error: GatecastError };

/** State of a stream's token, as `tokenStates` shows it. */
export type TokenState =
  'none' | 'requesting' | 'fresh' | 'refreshing' | 'retrying' | 'rejected' | 'expired' | 'failed';

/**
 * Why a stream has a new token: as for its request, `origin` if the media origin has renewed it with a response, or `tab` if
 * another tab of the page’s origin has requested it.
 */
export type RenewalReason = RefreshReason | 'origin' | 'tab';

/** What carries a token: the members of its item in the token response. */
export type TokenCarrier = 'token' | 'security' | 'query' | 'headers' | 'path' | 'cookie' | 'url';

/** What may be shown of a stream's token. Never contains the token. */
export interface TokenStatus {
  readonly stream: string;
  readonly state: TokenState;
  /** Milliseconds since the epoch by the server's clock; `null` without a token or when its expiry is unknown. */
  readonly expiresAtMs: number | null;
  readonly lastReason: RenewalReason | null;
  /** What carries the token. Empty without one. */
  readonly carriers: readonly TokenCarrier[];
}

export interface Waiter {
  resolve(token: Token): void;
  reject(error: Error): void;
}

/** Everything about one stream's token. */
export interface TokenSlot {
  readonly stream: string;
  token: Token | null;
  /** An origin refused the token. */
  isRejected: boolean;
  /** May an origin refuse the token, while nothing is known? Then a request for another one that fails changes nothing. */
  isSuspected: boolean;
  /** Has an origin accepted the token? */
  isAccepted: boolean;
  /** An older token that an origin accepted, for as long as no origin has accepted the newer one. */
  fallback: Token | null;
  /** The newest value that an origin refused. */
  refused: TokenValue | null;
  phase: SlotPhase;
  /** Failed requests in a row. */
  failures: number;
  /** Consecutive tokens that an origin refused, each issued after the previous refusal. */
  rejections: number;
  /** Client time before which another refusal is an error instead of a request. */
  rejectionHoldUntilMs: number;
  lastReason: RenewalReason | null;
  /** Did the token come from a scheduled refresh? See `RefreshTiming`. */
  isSteady: boolean;
  /** The random number that places its refresh, kept so that scheduling it again gives the same time. */
  random: number;
  /** Client time of the next scheduled refresh. */
  refreshAtMs: number;
  /** The next refresh or retry. */
  cancelAlarm: Cancel | null;
  /** The request that will bring its next token. */
  request: InFlightRequest | null;
  readonly waiters: Set<Waiter>;
}

/** A request for one stream or several. It is aborted when no stream needs it any more. */
export interface InFlightRequest {
  readonly streams: Set<string>;
  readonly controller: AbortController;
}

export function createSlot(stream: string): TokenSlot {
  return {
    stream,
    token: null,
    isRejected: false,
    isSuspected: false,
    isAccepted: false,
    fallback: null,
    refused: null,
    phase: { kind: 'idle' },
    failures: 0,
    rejections: 0,
    rejectionHoldUntilMs: 0,
    lastReason: null,
    isSteady: false,
    random: 0,
    refreshAtMs: Infinity,
    cancelAlarm: null,
    request: null,
    waiters: new Set(),
  };
}

export function forgetRejections(slot: TokenSlot): void {
  slot.rejections = 0;
  slot.rejectionHoldUntilMs = 0;
}

/** Milliseconds until the token expires; 0 without a valid one, `Infinity` when its expiry is unknown. */
export function remainingLifeMs(slot: TokenSlot, serverNowMs: number): number {
  if (!slot.token || slot.isRejected) return 0;
  return slot.token.expiresAtMs === null ? Infinity : Math.max(0, slot.token.expiresAtMs - serverNowMs);
}

/** A request takes time to arrive, so a token this close to its expiry is replaced before it is used. */
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
    carriers: slot.token ? carriersOf(slot.token.value) : [],
  };
}

function carriersOf(value: TokenValue): TokenCarrier[] {
  const names = partsOf(value).flatMap((part) => Object.keys(part)) as (keyof TokenPart)[];
  return [...new Set(names)].filter((name) => name !== 'origins');
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

/** Why a token is requested for a slot that has no valid one. */
export function requestReason({ token, isRejected }: TokenSlot): RefreshReason {
  return token ? (isRejected ? 'rejected' : 'resume') : 'initial';
}
