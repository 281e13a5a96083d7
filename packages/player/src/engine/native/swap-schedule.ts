/** How much sooner than its token an address is given up: what is asked for just before must still arrive in time. */
const MARGIN_MS = 2000;

export interface TokenLife {
  /** Server time at which it arrived. */
  readonly receivedAtMs: number;
  /** Server time at which it ends; `null` when nobody knows. */
  readonly expiresAtMs: number | null;
}

/**
 * Server time at which an address with this token in it is to be exchanged: the latest moment that is safe, because
 * each exchange costs a gap. `null` when its end is unknown: then only a refusal tells.
 */
export function swapAtMs({ receivedAtMs, expiresAtMs }: TokenLife): number | null {
  if (expiresAtMs === null) return null;
  const lifeMs = Math.max(0, expiresAtMs - receivedAtMs);
  // A token of seconds keeps three quarters of its life; by then the manager has another.
  return expiresAtMs - Math.min(MARGIN_MS, lifeMs / 4);
}

export interface SwapQuestion {
  /** Server time. */
  readonly nowMs: number;
  /** Of the token in the address; `null` when the address needs no exchange. */
  readonly dueAtMs: number | null;
  readonly isPaused: boolean;
  /** Ends the token in hand later than the one in the address? */
  readonly hasFresherToken: boolean;
}

export type SwapDecision =
  /** Nothing to do before then, or at all. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  /** Wait for the manager's next token; there is nothing better yet. */
  | { readonly kind: 'await-token' }
  /** A viewer who has paused must not pay for an exchange: it is made when they play on. */
  | { readonly kind: 'on-play' }
  | { readonly kind: 'swap' };

/** What is to be done now about the token in the address. */
export function decideSwap({ nowMs, dueAtMs, isPaused, hasFresherToken }: SwapQuestion): SwapDecision {
  if (dueAtMs === null) return { kind: 'wait', untilMs: null };
  if (nowMs < dueAtMs) return { kind: 'wait', untilMs: dueAtMs };
  if (isPaused) return { kind: 'on-play' };
  return hasFresherToken ? { kind: 'swap' } : { kind: 'await-token' };
}
