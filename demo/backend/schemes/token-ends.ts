import type { Faults } from '../qa/faults.js';

export interface TokenEndsOptions {
  readonly faults: Faults;
  /** Lifetime of tokens in seconds, for a scheme that has issued none. */
  readonly ttlSeconds: () => number;
  readonly now: () => number;
}

/** The lifetimes of each scheme’s tokens, and the tokens that the fault `expireNow` has revoked. */
export class TokenEnds {
  readonly #options: TokenEndsOptions;
  readonly #lifetimes = new Map<string, number>();
  /** Of the tokens since the latest fault, in seconds. */
  readonly #longest = new Map<string, number>();
  readonly #revoked = new Map<string, { generation: number; upTo: number }>();

  constructor(options: TokenEndsOptions) {
    this.#options = options;
  }

  /** Lifetime of the newest token of a scheme, in seconds. */
  ttlOf(scheme: string): number {
    return this.#lifetimes.get(scheme) ?? this.#options.ttlSeconds();
  }

  /** The end of a new token, NumericDate seconds. It is later than that of each revoked token. */
  endOf(scheme: string, ttlSeconds = this.ttlOf(scheme)): number {
    const revokedUpTo = this.#revokedUpTo(scheme);
    this.#lifetimes.set(scheme, ttlSeconds);
    const lifetime = Math.max(ttlSeconds, revokedUpTo + 1 - this.#nowSeconds);
    this.#longest.set(scheme, Math.max(lifetime, this.#longest.get(scheme) ?? 0));
    return this.#nowSeconds + lifetime;
  }

  /** The lifetime of a new token, in seconds, which gives it that end. */
  lifetimeOf(scheme: string, ttlSeconds?: number): number {
    return this.endOf(scheme, ttlSeconds) - this.#nowSeconds;
  }

  /** Was a token with this end issued before the fault `expireNow`? No scheme has the time of issue in all of its tokens. */
  isRevoked(scheme: string, expiresAt: number): boolean {
    return expiresAt <= this.#revokedUpTo(scheme);
  }

  get #nowSeconds(): number {
    return Math.floor(this.#options.now() / 1000);
  }

  #revokedUpTo(scheme: string): number {
    const generation = this.#options.faults.tokenGeneration;
    const known = this.#revoked.get(scheme);
    if (known?.generation === generation) return known.upTo;
    const upTo = generation === 0 ? 0 : this.#nowSeconds + (this.#longest.get(scheme) ?? this.ttlOf(scheme));
    this.#revoked.set(scheme, { generation, upTo });
    this.#longest.delete(scheme);
    return upTo;
  }
}
