import type { Faults } from '../qa/faults.js';

export interface TokenEndsOptions {
  readonly faults: Faults;
  /** Lifetime of tokens in seconds, for a scheme that has issued none. */
  readonly ttlSeconds: () => number;
  readonly now: () => number;
}

/** More open tokens than a tester has. Above it, those that have ended are forgotten. */
const MOST_ENDS = 1000;

interface Ends {
  generation: number;
  /** Ends of the tokens since the latest fault, in seconds. */
  issued: Set<number>;
  /** Ends of the tokens before it. */
  revoked: Set<number>;
}

/** The lifetimes of each scheme’s tokens, and the tokens that the fault `expireNow` has revoked. */
export class TokenEnds {
  readonly #options: TokenEndsOptions;
  readonly #lifetimes = new Map<string, number>();
  readonly #ends = new Map<string, Ends>();

  constructor(options: TokenEndsOptions) {
    this.#options = options;
  }

  /** Lifetime of the newest token of a scheme, in seconds. */
  ttlOf(scheme: string): number {
    return this.#lifetimes.get(scheme) ?? this.#options.ttlSeconds();
  }

  /** The end of a new token, NumericDate seconds. No revoked token has the same. */
  endOf(scheme: string, ttlSeconds = this.ttlOf(scheme)): number {
    const { issued, revoked } = this.#endsOf(scheme);
    this.#lifetimes.set(scheme, ttlSeconds);
    let end = this.#nowSeconds + ttlSeconds;
    while (revoked.has(end)) end += 1;
    issued.add(end);
    if (issued.size > MOST_ENDS) for (const old of issued) if (old <= this.#nowSeconds) issued.delete(old);
    return end;
  }

  /** The lifetime of a new token, in seconds, which gives it that end. */
  lifetimeOf(scheme: string, ttlSeconds?: number): number {
    return this.endOf(scheme, ttlSeconds) - this.#nowSeconds;
  }

  /** Was a token with this end issued before the fault `expireNow`? No scheme has the time of issue in all of its tokens. */
  isRevoked(scheme: string, expiresAt: number): boolean {
    return this.#endsOf(scheme).revoked.has(expiresAt);
  }

  get #nowSeconds(): number {
    return Math.floor(this.#options.now() / 1000);
  }

  #endsOf(scheme: string): Ends {
    const generation = this.#options.faults.tokenGeneration;
    const ends = this.#ends.get(scheme) ?? { generation, issued: new Set(), revoked: new Set() };
    this.#ends.set(scheme, ends);
    if (ends.generation !== generation) {
      const isOpen = (end: number): boolean => end > this.#nowSeconds;
      ends.revoked = new Set([...ends.revoked, ...ends.issued].filter(isOpen));
      ends.issued = new Set();
      ends.generation = generation;
    }
    return ends;
  }
}
