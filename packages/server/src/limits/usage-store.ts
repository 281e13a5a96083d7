/** What a user wants to watch at the same time. */
export interface StreamClaim {
  readonly user: string;
  /** Names that count one each: of streams, or one for a whole device. */
  readonly watched: readonly string[];
  /** Names that may count at once for the user, at most. */
  readonly max: number;
  readonly nowMs: number;
  /** When these names stop counting unless claimed again: the end of the tokens. */
  readonly untilMs: number;
}

/** Remembers what users watch, and which tokens are revoked. `./redis` has one for several instances. */
export interface UsageStore {
  /** Revokes a token by its `jti`; remembered until the token ends. */
  revoke(tokenId: string, expiresAtMs: number): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
  /** Adds all names or none; `false` if there would be more than `max`. */
  claim(claim: StreamClaim): Promise<boolean>;
}

/** What users watch and which tokens are revoked, for a single instance, in memory. */
export function memoryUsageStore({ now = Date.now }: { now?: () => number } = {}): UsageStore {
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

/** Names that are forgotten at their end. */
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
