/** An address is swapped this long before its token ends, so that requests already sent still arrive in time. */
const MARGIN_MS = 2000;

export interface TokenLife {
  /** Server time at which it arrived. */
  readonly receivedAtMs: number;
  /** Server time at which it ends; `null` when unknown. */
  readonly expiresAtMs: number | null;
}

/**
 * Server time at which to swap an address that contains this token: as late as is safe, because each swap interrupts
 * playback. `null` when the end of the token is unknown; then only a refusal shows it.
 */
export function swapAtMs({ receivedAtMs, expiresAtMs }: TokenLife): number | null {
  if (expiresAtMs === null) return null;
  const lifeMs = Math.max(0, expiresAtMs - receivedAtMs);
  // A token of a few seconds is used for three quarters of its life; by then the token manager has another.
  return expiresAtMs - Math.min(MARGIN_MS, lifeMs / 4);
}

export interface SwapQuestion {
  /** Server time. */
  readonly nowMs: number;
  /** When the address must be swapped; `null` for never. */
  readonly dueAtMs: number | null;
  readonly isPaused: boolean;
  /** Is there a token that ends later than the one in the address? */
  readonly hasFresherToken: boolean;
}

export type SwapDecision =
  /** Nothing to do until then; `null` for never. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  /** Wait for the next token: there is no fresher one yet. */
  | { readonly kind: 'await-token' }
  /** Playback is paused: swap when it continues. */
  | { readonly kind: 'on-play' }
  | { readonly kind: 'swap' };

/** Decides what to do now about the token in the address. */
export function decideSwap({ nowMs, dueAtMs, isPaused, hasFresherToken }: SwapQuestion): SwapDecision {
  if (dueAtMs === null) return { kind: 'wait', untilMs: null };
  if (nowMs < dueAtMs) return { kind: 'wait', untilMs: dueAtMs };
  if (isPaused) return { kind: 'on-play' };
  return hasFresherToken ? { kind: 'swap' } : { kind: 'await-token' };
}
