import type { IssuedToken } from '../token-issuer.js';

export interface SharingOptions {
  /**
   * Fraction of a token's lifetime during which identical requests get the same token, from 0 to below 1. Use it only if
   * viewers may share a token. @defaultValue 0 (each request gets a new token)
   */
  readonly reuseFraction?: number;
  /** Largest number of tokens in the cache. The oldest is removed first. @defaultValue 1,000 */
  readonly maxKept?: number;
}

interface Kept {
  readonly token: IssuedToken;
  readonly reuseUntilMs: number;
}

/** Combines identical concurrent requests into one call, and caches tokens if `reuseFraction` allows it. */
export class TokenCache {
  readonly #flights = new Map<string, Promise<IssuedToken>>();
  readonly #kept = new Map<string, Kept>();
  readonly #reuseFraction: number;
  readonly #maxKept: number;
  readonly #now: () => number;

  /** @throws TypeError if `reuseFraction` is not from 0 to below 1. */
  constructor({ reuseFraction = 0, maxKept = 1000 }: SharingOptions, now: () => number) {
    if (!(reuseFraction >= 0 && reuseFraction < 1))
      throw new TypeError('reuseFraction must be a number from 0 to below 1.');
    this.#reuseFraction = reuseFraction;
    this.#maxKept = maxKept;
    this.#now = now;
  }

  /**
   * @param key - requests with the same key get the same token.
   * @param signal - cancels the wait of this caller, but not the call, which other callers may share.
   */
  async get(key: string, call: () => Promise<IssuedToken>, signal?: AbortSignal): Promise<IssuedToken> {
    signal?.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept && kept.reuseUntilMs > this.#now()) return kept.token;
    let flight = this.#flights.get(key);
    if (!flight) {
      flight = this.#start(key, call);
      this.#flights.set(key, flight);
    }
    return signal ? untilAborted(flight, signal) : flight;
  }

  /** Removes a token, so that no later request gets it. */
  remove(token: string): void {
    for (const [key, kept] of this.#kept)
      if (kept.token.token === token || kept.token.security?.jwtoken === token) this.#kept.delete(key);
  }

  async #start(key: string, call: () => Promise<IssuedToken>): Promise<IssuedToken> {
    const startedAtMs = this.#now();
    try {
      const token = await call();
      // Without an end, there is no lifetime to take a fraction of.
      if (this.#reuseFraction > 0 && token.expiresAt !== null) {
        const lifeMs = token.expiresAt * 1000 - startedAtMs;
        this.#keep(key, { token, reuseUntilMs: startedAtMs + lifeMs * this.#reuseFraction });
      }
      return token;
    } finally {
      this.#flights.delete(key);
    }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
