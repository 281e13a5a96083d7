import type { GatecastError } from '@gatecast/token';

export interface PaceOptions {
  /** Milliseconds of a clock that never runs backwards. @defaultValue `performance.now` */
  readonly now?: () => number;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** Shortest time from a failure to the next request of the same kind, by the number of failures in a row. */
const GAPS_MS = [0, 0, 250, 500, 1000, 1000, 1000, 1000, 1500, 2000, 3000];
/** Repetitions of good responses count up to this number. */
const REPETITIONS = 4;
/** Longest wait for a `Retry-After`: an origin may name a time that it does not need. */
const RETRY_AFTER_CAP_MS = 30_000;
/** The viewers of a stream fail in the same moment, and should not return in the same moment. */
const JITTER = 0.25;

interface Failures {
  inRow: number;
  lastMs: number;
}

/**
 * Bounds how often an origin with a fault is asked: hls.js requests the next segment, or the same one from another
 * rendition, as soon as one has failed. A request of a kind that last succeeded never waits.
 *
 * Requests are counted by kind (main, audio and subtitle segments, and each kind of playlist), so that broken subtitles do
 * not slow the video. `Retry-After` holds for the address that it was sent for.
 */
export class RequestPace {
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #failures = new Map<string, Failures>();
  readonly #notBeforeMs = new Map<string, number>();

  constructor({ now = () => performance.now(), random = Math.random }: PaceOptions = {}) {
    this.#now = now;
    this.#random = random;
  }

  /** Milliseconds until a request may be sent; 0 for one that does not follow a failure. */
  waitMs(kind: string, address: string): number {
    const nowMs = this.#now();
    const failures = this.#failures.get(kind);
    const gapMs = failures ? (GAPS_MS[failures.inRow] ?? GAPS_MS.at(-1) ?? 0) : 0;
    const jitteredMs = gapMs * (1 + JITTER * this.#random());
    const dueMs = Math.max(failures ? failures.lastMs + jitteredMs : 0, this.#notBeforeMs.get(address) ?? 0);
    return Math.max(0, dueMs - nowMs);
  }

  /** Now, as {@link failed} takes it. */
  get nowMs(): number {
    return this.#now();
  }

  /** Counts a failure: of a request, or of a response that could not be used. */
  failed(kind: string, address: string, error: Pick<GatecastError, 'retryAfterMs'> | null): void {
    const lastMs = this.#now();
    this.#failures.set(kind, { inRow: this.#inRow(kind) + 1, lastMs });
    const { retryAfterMs } = error ?? {};
    if (retryAfterMs) this.#notBeforeMs.set(address, lastMs + Math.min(retryAfterMs, RETRY_AFTER_CAP_MS));
  }

  /** Counts a request that repeats one of `atMs`, whose response was good and has not been used: it waits a second at most. */
  repeated(kind: string, atMs: number): void {
    const before = this.#inRow(kind);
    this.#failures.set(kind, { inRow: Math.max(before, Math.min(before + 1, REPETITIONS)), lastMs: atMs });
  }

  #inRow(kind: string): number {
    return this.#failures.get(kind)?.inRow ?? 0;
  }

  /** Called when a response could be used. */
  succeeded(kind: string): void {
    this.#failures.delete(kind);
    this.#notBeforeMs.clear();
  }
}
