import type { Clock } from './clock.js';

/** NumericDate is whole seconds cut off: on average half a second has passed since. */
const HALF_SECOND_MS = 500;
/** An answer that took longer than this may have slept on the way, and was stamped at an unknown point of it. */
const LONG_WAY_MS = 5000;

/**
 * The token backend's time, told from its answers, so that a client whose clock is wrong refreshes on time.
 *
 * `serverTime` of an answer is taken as it is. Without one the `iat` of fresh tokens serves: the server's time is at
 * least `iat`, so of several the one that puts the server furthest ahead is the best (a backend may hand out a
 * token it made a while ago).
 */
export class ServerClock {
  readonly #clock: Clock;
  #offsetMs = 0;
  #basis: 'none' | 'issued-at' | 'server-time' = 'none';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Estimated instant at the server, in milliseconds since the epoch. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /** Server minus client, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Learns from `serverTime`, stamped somewhere between sending the request and receiving its answer. */
  observeServerTime(serverTimeMs: number, sentAtMs: number, receivedAtMs: number): void {
    const stampMs = serverTimeMs + (serverTimeMs % 1000 === 0 ? HALF_SECOND_MS : 0);
    const [lowestMs, highestMs] = [stampMs - receivedAtMs, stampMs - sentAtMs];
    this.#offsetMs =
      receivedAtMs - sentAtMs > LONG_WAY_MS
        ? Math.min(Math.max(this.#offsetMs, lowestMs), highestMs)
        : (lowestMs + highestMs) / 2;
    this.#basis = 'server-time';
  }

  /**
   * Learns from the `iat` of a token.
   *
   * @param isJustMade - whether the token answers a request of ours; one that the page brought along may be old and
   *   only ever moves the estimate forward.
   * @param expiresAtMs - its end. A server hands out no token that it knows to be over, so where the estimate says
   *   it is, this device's clock was set meanwhile and the estimate begins anew.
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
