export interface RefreshTiming {
  /** Server time at which the token arrived. */
  receivedAtMs: number;
  /** Server time at which it ends. */
  expiresAtMs: number;
  /** Wanted lead before the end. */
  leadMs: number;
  /** Does it follow a scheduled refresh? Then its bearer is already apart from the crowd. */
  isSteady: boolean;
  /** A number in [0, 1). */
  random: number;
}

/** A token that lives shorter than this is renewed so often that a wide window would only cost requests. */
const CROWD_LIFE_MS = 120_000;
/** However short a token lives, it is not renewed by schedule more often than this. */
const MIN_INTERVAL_MS = 1000;

/** Lead before expiry: what was asked for, at most a quarter of the life that is left. */
export function refreshLeadMs(lifeMs: number, leadMs: number): number {
  return Math.max(0, Math.min(leadMs, lifeMs / 4));
}

/**
 * Server time at which to renew a token: between its arrival and its lead, never later.
 *
 * Viewers who start together would come back together for ever: a jitter of a tenth takes hours to part them. So
 * the first renewal of a token that lives two minutes or longer falls anywhere in the last four fifths of the span,
 * which leaves the crowd spread evenly; later ones fall in the last tenth, which keeps it so.
 */
export function refreshAtMs({ receivedAtMs, expiresAtMs, leadMs, isSteady, random }: RefreshTiming): number {
  const lifeMs = Math.max(0, expiresAtMs - receivedAtMs);
  const spanMs = lifeMs - refreshLeadMs(lifeMs, leadMs);
  const window = isSteady || lifeMs < CROWD_LIFE_MS ? 0.1 : 0.8;
  return receivedAtMs + Math.max(MIN_INTERVAL_MS, spanMs * (1 - window * random));
}
