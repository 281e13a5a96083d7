import type { IssuedToken } from '../token-issuer.js';

export interface SharingOptions {
  /**
   * Hand a token out again to later requests that are identical until this fraction of its life has passed; only
   * where viewers may share one. @defaultValue 0, never
   */
  readonly reuseFraction?: number;
  /** Kept tokens, at most; the oldest goes first. @defaultValue 1,000 */
  readonly maxKept?: number;
}

interface Kept {
  readonly token: IssuedToken;
  readonly reuseUntilMs: number;
}

/** Makes identical requests in flight one call, and keeps tokens for reuse where that is allowed. */
export class TokenCache {
  readonly #flights = new Map<string, Promise<IssuedToken>>();
  readonly #kept = new Map<string, Kept>();
  readonly #reuseFraction: number;
  readonly #maxKept: number;
  readonly #now: () => number;

  /** @throws TypeError when the fraction is not from 0 to below 1. */
  constructor({ reuseFraction = 0, maxKept = 1000 }: SharingOptions, now: () => number) {
    if (!(reuseFraction >= 0 && reuseFraction < 1))
      throw new TypeError('reuseFraction is a number from 0 to below 1.');
    this.#reuseFraction = reuseFraction;
    this.#maxKept = maxKept;
    this.#now = now;
  }

  /**
   * @param key - equal for requests whose answers may be exchanged.
   * @param signal - ends this caller's wait, never the call, which others may share.
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

  async #start(key: string, call: () => Promise<IssuedToken>): Promise<IssuedToken> {
    const startedAtMs = this.#now();
    try {
      const token = await call();
      if (this.#reuseFraction > 0) {
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
