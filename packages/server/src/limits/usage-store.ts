import type { PlaceClaim, PlaceResult, StreamClaim } from './stream-claim.js';
import { takePlaces } from './take-places.js';
import { requireKnownOptions } from '../http/require-known-options.js';

/**
 * Stores which streams users watch, and which tokens are revoked. `memoryUsageStore` is for one instance,
 * `redisUsageStore` of `@gatecast/server/redis` for several.
 */
export interface UsageStore {
  /** Revokes a token by its `jti`, until `expiresAtMs` (milliseconds since the epoch). */
  revoke(tokenId: string, expiresAtMs: number): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
  /** Adds all names, or none if there would be more than `max`. Resolves with whether they were added. */
  claim(claim: StreamClaim): Promise<boolean>;
  /**
   * The same where the newest ones count: those that start take the places of the oldest ones. A name that has lost its place is
   * refused until it starts again, or until its time is over. Only for `mode: 'newest'`.
   */
  take?(claim: PlaceClaim): Promise<PlaceResult>;
}

/** A usage store in the memory of one process. */
export function memoryUsageStore(options: { now?: () => number } = {}): UsageStore {
  requireKnownOptions('memoryUsageStore', options, { now: true });
  const { now = Date.now } = options;
  const revoked = new ExpiringMap(now);
  const users = new Map<string, Map<string, number>>();
  const losers = new Map<string, Map<string, number>>();
  let sweepAtMs = 0;

  function sweep(): void {
    if (now() < sweepAtMs) return;
    sweepAtMs = now() + 60_000;
    for (const known of [users, losers]) {
      for (const [user, watched] of known) {
        if ([...watched.values()].every((untilMs) => untilMs <= now())) known.delete(user);
      }
    }
  }

  return {
    async revoke(tokenId, expiresAtMs) {
      revoked.set(tokenId, expiresAtMs);
    },
    async isRevoked(tokenId) {
      return revoked.has(tokenId);
    },
    async claim({ user, watched, max, nowMs, untilMs }) {
      sweep();
      const held = new Map([...(users.get(user) ?? [])].filter(([, endMs]) => endMs > nowMs));
      for (const name of watched) held.set(name, Math.max(untilMs, held.get(name) ?? 0));
      if (held.size > max) return false;
      users.set(user, held);
      return true;
    },
    async take(claim) {
      sweep();
      const { user, nowMs } = claim;
      const places = (users.get(user) ?? new Map<string, number>()) as ReadonlyMap<string, number>;
      const lost = losers.get(user) ?? new Map<string, number>();
      const result = takePlaces(claim, alive(places, nowMs), alive(lost, nowMs));
      users.set(user, result.places);
      losers.set(user, result.losers);
      return result;
    },
  };
}

/** Those whose time is not over, in the same order. */
function alive(names: ReadonlyMap<string, number>, nowMs: number): Map<string, number> {
  return new Map([...names].filter(([, endMs]) => endMs > nowMs));
}

/** Names with an expiry. */
class ExpiringMap {
  readonly #ends = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  set(name: string, endMs: number): void {
    for (const [known, knownEndMs] of this.#ends) {
      if (knownEndMs <= this.#now()) this.#ends.delete(known);
    }
    this.#ends.set(name, endMs);
  }

  has(name: string): boolean {
    return (this.#ends.get(name) ?? 0) > this.#now();
  }
}
