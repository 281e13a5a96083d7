import type { Clock } from './clock.js';

/** NumericDate is rounded down to whole seconds, so on average half a second has passed since. */
const HALF_SECOND_MS = 500;
/** The device may have slept during a response that took longer, so the time of its stamp is unknown. */
const LONG_WAY_MS = 5000;

/**
 * Estimates the token backend's time from its responses, so that a client with a wrong clock refreshes on time.
 *
 * `serverTime` of a response is used directly. Without it, the `iat` of new tokens is used: the server's time is at least
 * `iat`, so the largest offset of several is the best one (a backend may return a token that it minted earlier).
 */
export class ServerClock {
  readonly #clock: Clock;
  #offsetMs = 0;
  #lastServerTimeMs = NaN;
  #basis: 'none' | 'issued-at' | 'server-time' = 'none';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Estimated instant at the server, in milliseconds since the epoch. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /** Has the server told its time yet? */
  get isKnown(): boolean {
    return this.#basis !== 'none';
  }

  /** Server minus client, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Updates the estimate from `serverTime`, stamped between sending the request and receiving its response. */
  observeServerTime(serverTimeMs: number, sentAtMs: number, receivedAtMs: number): void {
    // A cache repeats a response together with its time, which is over.
    if (serverTimeMs === this.#lastServerTimeMs) return;
    this.#lastServerTimeMs = serverTimeMs;
    const stampMs = serverTimeMs + (serverTimeMs % 1000 === 0 ? HALF_SECOND_MS : 0);
    const [lowestMs, highestMs] = [stampMs - receivedAtMs, stampMs - sentAtMs];
    this.#offsetMs =
      receivedAtMs - sentAtMs > LONG_WAY_MS
        ? Math.min(Math.max(this.#offsetMs, lowestMs), highestMs)
        : (lowestMs + highestMs) / 2;
    this.#basis = 'server-time';
  }

  /**
   * Updates the estimate from the `iat` of a token.
   *
   * @param isJustMade - whether the token is from a response to our request. A token that the page provides may be old,
   *   so it only moves the estimate forward.
   * @param expiresAtMs - its expiry. A server returns no expired token, so if the token is expired by the estimate, the
   *   clock of this device was set meanwhile, and the estimate starts again.
   */
  observeIssuedAt(
    issuedAtMs: number,
    receivedAtMs: number,
    isJustMade: boolean,
    expiresAtMs: number | null = null,
  ): void {
    const offsetMs = issuedAtMs - receivedAtMs;
    const isOver = expiresAtMs !== null && expiresAtMs <= receivedAtMs + this.#offsetMs;
    if (isJustMade && (this.#basis === 'none' || (this.#basis === 'issued-at' && isOver))) {
      this.#offsetMs = offsetMs + HALF_SECOND_MS;
      this.#basis = 'issued-at';
    } else if (offsetMs > this.#offsetMs) {
      this.#offsetMs = offsetMs;
    }
  }
}
