/** A claim of seats: what a user watches at the same time. */
export interface SeatClaim {
  readonly user: string;
  /** What takes a seat each: stream names, or one name for a whole device. */
  readonly seats: readonly string[];
  /** Seats that the user may hold, at most. */
  readonly max: number;
  readonly nowMs: number;
  /** When these seats become free unless claimed again: the end of the tokens. */
  readonly untilMs: number;
}

/** Keeps withdrawn tokens and taken seats. `./redis` has one for several instances. */
export interface SessionStore {
  /** Withdraws a token by its `jti`; remembered until it would have ended anyway. */
  revoke(tokenId: string, expiresAtMs: number): Promise<void>;
  isRevoked(tokenId: string): Promise<boolean>;
  /** Takes all seats or none; `false` when they would be more than `max`. */
  claim(claim: SeatClaim): Promise<boolean>;
}

/** Seats and withdrawn tokens of one process, in its memory. */
export function memorySessionStore({ now = Date.now }: { now?: () => number } = {}): SessionStore {
  const revoked = new ExpiringMap(now);
  const users = new Map<string, Map<string, number>>();
  let sweepAtMs = 0;

  function sweep(): void {
    if (now() < sweepAtMs) return;
    sweepAtMs = now() + 60_000;
    for (const [user, seats] of users) {
      if ([...seats.values()].every((untilMs) => untilMs <= now())) users.delete(user);
    }
  }

  return {
    async revoke(tokenId, expiresAtMs) {
      revoked.set(tokenId, expiresAtMs);
    },
    async isRevoked(tokenId) {
      return revoked.has(tokenId);
    },
    async claim({ user, seats, max, nowMs, untilMs }) {
      sweep();
      const held = new Map([...(users.get(user) ?? [])].filter(([, endMs]) => endMs > nowMs));
      for (const seat of seats) held.set(seat, Math.max(untilMs, held.get(seat) ?? 0));
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
