export interface RefreshTiming {
  /** Server time at which the token arrived. */
  receivedAtMs: number;
  /** Server time at which it expires. */
  expiresAtMs: number;
  /** How long before the expiry to refresh, as configured. */
  leadMs: number;
  /** Does it come from a scheduled refresh? Then this client is already spread apart from the others. */
  isSteady: boolean;
  /** A number in [0, 1). */
  random: number;
}

/** A token with a shorter lifetime is refreshed so often that a wide window would only cost requests. */
const CROWD_LIFE_MS = 120_000;
/** Shortest time between scheduled refreshes, however short a token's lifetime is. */
const MIN_INTERVAL_MS = 1000;

/** Lead before the expiry: as configured, at most a quarter of the lifetime. */
export function refreshLeadMs(lifeMs: number, leadMs: number): number {
  return Math.max(0, Math.min(leadMs, lifeMs / 4));
}

/**
 * Server time at which to refresh a token: between its arrival and its lead, never later.
 *
 * Viewers who start together would refresh together each time, and a jitter of a tenth takes hours to spread them. So
 * the first refresh of a token with a lifetime of two minutes or more is at a random time in the last four fifths of
 * the span, which spreads them evenly. Later ones are in the last tenth, which keeps them spread.
 */
export function refreshAtMs({ receivedAtMs, expiresAtMs, leadMs, isSteady, random }: RefreshTiming): number {
  const lifeMs = Math.max(0, expiresAtMs - receivedAtMs);
  const spanMs = lifeMs - refreshLeadMs(lifeMs, leadMs);
  const window = isSteady || lifeMs < CROWD_LIFE_MS ? 0.1 : 0.8;
  return receivedAtMs + Math.max(MIN_INTERVAL_MS, spanMs * (1 - window * random));
}
