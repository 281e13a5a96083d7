import type { Cancel, Clock } from '@gatecast/token';

export interface ReplayScheduleOptions {
  readonly clock: Clock;
  /** Plays again in the same player. */
  readonly replay: () => void;
  /** Called when a wait begins. */
  readonly onWaiting: (details: { attempt: number; waitMs: number }) => void;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Playback this long has overcome the fault; a shorter one continues the backoff. */
const STABLE_MS = 30_000;
/** The network or the page may come back many times in a row. */
const HURRY_INTERVAL_MS = 2000;

/**
 * Plays again after faults that pass, with backoff: 1, 2, 4, 8, 16, then 30 s, each reduced by up to half at random.
 * That is at most 8 attempts in the first minute and 4 in any later one, also when playback begins and fails each time.
 */
export class ReplaySchedule {
  readonly #options: ReplayScheduleOptions;
  #attempts = 0;
  #playingSinceMs: number | null = null;
  #lastReplayMs = -Infinity;
  #cancelWait: Cancel | null = null;

  constructor(options: ReplayScheduleOptions) {
    this.#options = options;
  }

  /** Does it wait for the next attempt? */
  get isPending(): boolean {
    return this.#cancelWait !== null;
  }

  /** Plays again after the next wait. Several reports of one fault are one attempt. */
  request(): void {
    if (this.#cancelWait) return;
    const { clock, onWaiting, random = Math.random } = this.#options;
    const nowMs = clock.now();
    if (this.#playingSinceMs !== null && nowMs - this.#playingSinceMs >= STABLE_MS) this.#attempts = 0;
    this.#playingSinceMs = null;
    const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts);
    const waitMs = longestMs * (1 - random() / 2);
    this.#attempts += 1;
    onWaiting({ attempt: this.#attempts, waitMs: Math.round(waitMs) });
    this.#cancelWait = clock.at(nowMs + waitMs, () => {
      this.#replay();
    });
  }

  /** The network or the page is back: plays again at once if it waits, but not within 2 s of the last attempt. */
  hurry(): void {
    if (!this.#cancelWait) return;
    this.cancel();
    const { clock } = this.#options;
    this.#cancelWait = clock.at(Math.max(clock.now(), this.#lastReplayMs + HURRY_INTERVAL_MS), () => {
      this.#replay();
    });
  }

  onPlay(): void {
    this.cancel();
    this.#playingSinceMs ??= this.#options.clock.now();
  }

  cancel(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }

  #replay(): void {
    this.cancel();
    this.#lastReplayMs = this.#options.clock.now();
    this.#options.replay();
  }
}
