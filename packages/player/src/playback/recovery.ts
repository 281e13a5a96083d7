import { GatecastError, retryDelayMs, systemClock, type Cancel, type Clock } from '@gatecast/token';
import type { PlaybackState } from './playback-host.js';

export interface RecoveryOptions {
  /** Loads the source again in the same element. */
  readonly restart: () => void;
  /** Resumes the engine that runs. Returns false when there is none. */
  readonly resume: () => boolean;
  /** Called when the wait before an attempt begins. */
  readonly onWaiting: (details: { code: GatecastError['code']; attempt: number; waitMs: number }) => void;
  /** Called when no attempt is left, or none can help. */
  readonly onFailed: (error: GatecastError) => void;
  readonly clock?: Clock;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

const ATTEMPTS_BEFORE_PLAYING = 3;
/** A source that has played is worth more attempts. */
const ATTEMPTS_AFTER_PLAYING = 8;

/** Decides after each error of one playback whether, when and how it is tried again. */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #clock: Clock;
  #state: PlaybackState = 'starting';
  /** Attempts in a row without progress. */
  #attempts = 0;
  #hasPlayed = false;
  #lastError: GatecastError | null = null;
  #isResumable = false;
  #cancelWait: Cancel | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get state(): PlaybackState {
    return this.#state;
  }

  /** The error that playback ended with. */
  get failure(): GatecastError | null {
    return this.#state === 'failed' ? this.#lastError : null;
  }

  /** The source is loaded again. Returns whether playback had failed; then attempts are counted from the beginning. */
  begin(): boolean {
    const hadFailed = this.#state === 'failed';
    if (hadFailed) this.#attempts = 0;
    this.#endWait();
    this.#state = 'starting';
    return hadFailed;
  }

  /** Media time advanced. Returns true the first time. */
  progress(): boolean {
    const isFirst = !this.#hasPlayed;
    this.#hasPlayed = true;
    this.#attempts = 0;
    if (this.#state === 'starting' || this.#state === 'recovering') this.#state = 'playing';
    return isFirst;
  }

  /** The engine reports an error; `isResumable` says whether resuming it may help. */
  fail(error: GatecastError, isResumable: boolean): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    this.#lastError = error;
    this.#isResumable = isResumable;
    const waitMs = this.#delayMs(error);
    if (waitMs === null) {
      this.#state = 'failed';
      this.#options.onFailed(error);
      return;
    }
    this.#attempts += 1;
    this.#state = 'recovering';
    this.#options.onWaiting({ code: error.code, attempt: this.#attempts, waitMs });
    this.#endWait();
    this.#cancelWait = this.#clock.at(this.#clock.now() + waitMs, () => {
      this.#tryAgain();
    });
  }

  /** Media time stands still although it should advance. */
  stalled(): void {
    if (this.#cancelWait) return;
    const error = new GatecastError('playback-stalled', 'Playback stands still.', {
      hint: 'Check the network and the media origin.',
      retryable: true,
    });
    this.fail(error, this.#state !== 'recovering');
  }

  /** Tries now what waits for its time: the page or the network came back. Returns whether anything waited. */
  hurry(): boolean {
    if (!this.#cancelWait) return false;
    // What the engine had loaded before the interruption may be gone from the stream.
    this.#isResumable = false;
    this.#tryAgain();
    return true;
  }

  stop(): void {
    this.#state = 'stopped';
    this.#endWait();
  }

  /** Milliseconds until the next attempt; `null` when playback ends with this error. */
  #delayMs({ retryable, code }: GatecastError): number | null {
    // The token manager retried already, for as long as its own budget allows.
    if (!retryable || code.startsWith('token-')) return null;
    if (this.#attempts >= (this.#hasPlayed ? ATTEMPTS_AFTER_PLAYING : ATTEMPTS_BEFORE_PLAYING)) return null;
    const random = (this.#options.random ?? Math.random)();
    return retryDelayMs({ attempt: this.#attempts + 1, random, remainingLifeMs: 0 });
  }

  #tryAgain(): void {
    this.#endWait();
    if (!this.#isResumable || !this.#options.resume()) this.#options.restart();
  }

  #endWait(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
  }
}
