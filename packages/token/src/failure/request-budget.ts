/** Requests that may be sent at once, after a time without any. */
const BURST = 3;
/** One more may be sent after each of these intervals: 13 in any minute. */
const INTERVAL_MS = 5500;
/** It is not filled up while a token has been refused within this time. */
const FORGIVEN_AFTER_MS = 30_000;

/**
 * Limits the requests to one service while it does not help: at most 13 in any minute, for whatever reason they are made.
 * The waits of `retryDelayMs` stay within it for one stream; the budget is for what comes on top, such as several streams
 * or a page that asks in a loop.
 */
export class RequestBudget {
  /** Time at which the budget will be full. */
  #fullAtMs = -Infinity;
  #refusedAtMs = -Infinity;

  /** Milliseconds until a request may be sent; 0 if it may be sent now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#fullAtMs - (BURST - 1) * INTERVAL_MS - nowMs);
  }

  /** A request is sent. */
  spend(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + INTERVAL_MS;
  }

  /** The service has helped: the budget is full again, and this returns true. Not while origins refuse what it has sent. */
  reset(nowMs = Infinity): boolean {
    if (nowMs - this.#refusedAtMs < FORGIVEN_AFTER_MS) return false;
    this.#fullAtMs = -Infinity;
    return true;
  }

  /** An origin has refused a token of the service. */
  refused(nowMs: number): void {
    this.#refusedAtMs = nowMs;
  }

  /** The network is back: one request may be sent at once. */
  allowOne(nowMs: number): void {
    this.#fullAtMs = Math.min(this.#fullAtMs, nowMs + (BURST - 1) * INTERVAL_MS);
  }
}
