import type { Token } from '../source/token.js';
import type { ServerClock } from '../time/server-clock.js';
import { remainingLifeMs, type TokenSlot } from './token-slot.js';

/** The estimate of the server's time is exact to about this. */
const ESTIMATE_ERROR_MS = 1000;
/** A token may begin this much after an estimate that no server has confirmed. */
const TOLERANCE_MS = 5000;
/** A new token that begins later than this is an error of the backend. */
const LONGEST_WAIT_MS = 60_000;

/** How much later than now a token may begin, in milliseconds. One that the page gives is used at once, so it must have begun. */
export function latestStartMs({ isKnown }: Pick<ServerClock, 'isKnown'>, isJustMade: boolean): number {
  return isJustMade && isKnown ? LONGEST_WAIT_MS : TOLERANCE_MS;
}

/** Milliseconds until a token with a later `nbf` is used. Until then the old one is, if it is still valid. */
export function startWaitMs(
  slot: TokenSlot,
  { notBeforeMs }: Pick<Token, 'notBeforeMs'>,
  serverClock: Pick<ServerClock, 'isKnown' | 'now'>,
): number {
  const nowMs = serverClock.now();
  const waitMs = notBeforeMs === null ? 0 : Math.max(0, notBeforeMs - nowMs);
  if (remainingLifeMs(slot, nowMs) > 0) return waitMs;
  // Without an old token, a wait that may come from a wrong estimate would only delay the start.
  return serverClock.isKnown && waitMs > ESTIMATE_ERROR_MS ? waitMs : 0;
}
