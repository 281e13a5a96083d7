/** What to do with a key that the cached set does not have. */
export type LookupDecision =
  | { readonly kind: 'fetch' }
  /** A recent fetch did not have it. */
  | { readonly kind: 'known-missing' }
  /** The budget is used up. */
  | { readonly kind: 'wait'; readonly waitMs: number };

/** Limits the fetches for unknown keys. */
export interface LookupBudget {
  take(key: string): LookupDecision;
  /** The set was fetched. */
  loaded(): void;
  /** The set was fetched for `key`, and does not have it. */
  missed(key: string): void;
}

const BURST = 5;
const REFILL_MS = 5000;
/** How long an unknown key is remembered: first, and at most. The time doubles with each miss. */
const FIRST_MISS_MS = 1000;
const LONGEST_MISS_MS = 60_000;
const LARGEST_MEMORY = 1000;

/**
 * Creates a token bucket with 5 fetches and one more every 5 s, and a memory of the last 1,000 unknown keys. An unknown
 * key is looked up again after 1 s, then after twice the time, up to 60 s.
 *
 * @param cooldownMs - if set, the shortest time between two fetches in milliseconds; the set counts as complete until
 *   then.
 */
export function createLookupBudget(cooldownMs: number | undefined, now: () => number): LookupBudget {
  const missing = new Map<string, { untilMs: number; holdMs: number }>();
  let points = BURST;
  let filledAtMs = now();
  let loadedAtMs = -Infinity;

  function refill(): void {
    const added = Math.floor((now() - filledAtMs) / REFILL_MS);
    if (added <= 0) return;
    points = Math.min(BURST, points + added);
    filledAtMs += added * REFILL_MS;
  }

  return {
    take(key) {
      if (now() < (missing.get(key)?.untilMs ?? 0)) return { kind: 'known-missing' };
      if (cooldownMs !== undefined) {
        return now() - loadedAtMs < cooldownMs ? { kind: 'known-missing' } : { kind: 'fetch' };
      }
      refill();
      if (points === 0) return { kind: 'wait', waitMs: filledAtMs + REFILL_MS - now() };
      points -= 1;
      return { kind: 'fetch' };
    },
    loaded() {
      loadedAtMs = now();
    },
    missed(key) {
      const holdMs = Math.min(LONGEST_MISS_MS, (missing.get(key)?.holdMs ?? FIRST_MISS_MS / 2) * 2);
      missing.delete(key);
      missing.set(key, { untilMs: now() + holdMs, holdMs });
      const [oldest] = missing.keys();
      if (missing.size > LARGEST_MEMORY && oldest !== undefined) missing.delete(oldest);
    },
  };
}
