import { requireKnownOptions } from '../http/require-known-options.js';

/** Streams or a device to count for a user. */
export interface StreamClaim {
  readonly user: string;
  /** Names that count as one each: a stream of a playback session, or a device. They may contain any character. */
  readonly watched: readonly string[];
  /** Largest number of names that may count for the user at the same time. */
  readonly max: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Expiry of the tokens, in milliseconds since the epoch. After that, the names no longer count. */
  readonly untilMs: number;
}

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
}

/** A usage store in the memory of one process. */
export function memoryUsageStore(options: { now?: () => number } = {}): UsageStore {
  requireKnownOptions('memoryUsageStore', options, { now: true });
  const { now = Date.now } = options;
  const revoked = new ExpiringMap(now);
  const users = new Map<string, Map<string, number>>();
  let sweepAtMs = 0;

  function sweep(): void {
    if (now() < sweepAtMs) return;
    sweepAtMs = now() + 60_000;
    for (const [user, watched] of users) {
      if ([...watched.values()].every((untilMs) => untilMs <= now())) users.delete(user);
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
  };
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
