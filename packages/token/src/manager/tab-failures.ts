import type { RefreshReason } from '@gatecast/contract';
import type { GatecastError } from '../errors.js';
import { retryDelayMs } from '../failure/retry-delay.js';
import { errorOf, writeSharedFailure } from '../tabs/shared-failure.js';
import type { TabMessage } from '../tabs/tab-message.js';
import { mayConcernOneStream } from './after-failure.js';

type Failed = Extract<TabMessage, { type: 'failed' }>;

/** As long as `retryDelayMs` respects a `Retry-After`. */
const LONGEST_MS = 10 * 60_000 + 1000;

/** Failed requests of all tabs of a group: they ask an endpoint that does not help no more often than one tab would. */
export class TabFailures {
  readonly #wallNow: () => number;
  #count = 0;
  #last: Failed | null = null;

  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** A request of this tab has failed. Returns what the others are told. */
  add(
    error: GatecastError,
    streams: readonly string[],
    remainingLifeMs: number,
    random: number,
  ): Failed | null {
    const failure = writeSharedFailure(error);
    if (!failure) return null;
    this.#count += 1;
    const { retryAfterMs } = error;
    const waitMs = retryDelayMs({ attempt: this.#count, random, retryAfterMs, remainingLifeMs });
    return { type: 'failed', streams, failure, failures: this.#count, untilMs: this.#wallNow() + waitMs };
  }

  /** A request of another tab has failed. */
  heard(message: Failed): void {
    this.#count = Math.max(this.#count, Math.min(message.failures, 1000));
    this.#last = { ...message, untilMs: Math.min(message.untilMs, this.#wallNow() + LONGEST_MS) };
  }

  /** The error of a request that another tab would have to send too early. A manual one is always sent. */
  blocks(stream: string, reason: RefreshReason): GatecastError | null {
    if (!this.#last || reason === 'manual') return null;
    const waitMs = this.#last.untilMs - this.#wallNow();
    if (waitMs <= 0) return null;
    const error = errorOf(this.#last.failure, waitMs);
    return this.#last.streams.includes(stream) || !mayConcernOneStream(error) ? error : null;
  }

  /** The network is back. A backend that has named a time was reached before. */
  networkIsBack(): void {
    if (this.#last?.failure.status === undefined) this.#last = null;
  }

  /** A tab has got tokens. */
  clear(): void {
    this.#count = 0;
    this.#last = null;
  }
}
