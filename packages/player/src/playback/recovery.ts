import { GatecastError, retryDelayMs, systemClock, type Cancel, type Clock } from '@gatecast/token';
import type { EngineReport } from '../engine/engine.js';
import type { PlaybackState } from './playback-host.js';

export interface RecoveryOptions {
  /** Loads the source again in the same element. */
  readonly restart: () => void;
  /** Resumes the current engine. Returns false when there is none. */
  readonly resume: () => boolean;
  /** Called when the wait before an attempt begins. */
  readonly onWaiting: (details: { code: GatecastError['code']; attempt: number; waitMs: number }) => void;
  /** Can the old source be played instead? Then the first error is final. @defaultValue it cannot */
  readonly isOnTrial?: () => boolean;
  /** Called when no attempts are left or the error is final, and with `null` when the engine plays again by itself. */
  readonly onFailed: (error: GatecastError | null) => void;
  readonly clock?: Clock;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

const ATTEMPTS_BEFORE_PLAYING = 3;
/** A source that has played is likely to work again, so it gets more attempts. */
const ATTEMPTS_AFTER_PLAYING = 8;

/** Decides after each playback error whether, when and how to retry. */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #clock: Clock;
  #state: PlaybackState = 'starting';
  /** Attempts in a row without progress. */
  #attempts = 0;
  #hasPlayed = false;
  #lastError: GatecastError | null = null;
  #isResumable = false;
  #isEngineRetrying = false;
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

  /** Can another attempt succeed, which nobody makes? */
  get canRetry(): boolean {
    return this.failure?.retryable === true && !this.#isEngineRetrying;
  }

  /** Called when the source is loaded again. Returns whether playback had failed; if so, attempts restart at 0. */
  begin(): boolean {
    const hadFailed = this.#state === 'failed';
    if (hadFailed) this.#attempts = 0;
    this.#endWait();
    this.#state = 'starting';
    return hadFailed;
  }

  /** Called when media time advances. Returns true the first time. */
  progress(): boolean {
    const isFirst = !this.#hasPlayed;
    this.#hasPlayed = true;
    this.#attempts = 0;
    if (this.#state === 'starting' || this.#state === 'recovering') this.#state = 'playing';
    return isFirst;
  }

  /** Called with what the engine reports about errors. */
  onReport(report: Extract<EngineReport, { type: 'error' | 'resumed' }>): void {
    if (report.type === 'error') this.fail(report.error, report.isResumable, report.isEngineRetrying);
    else if (this.#state === 'failed') {
      this.#attempts = 0;
      this.#state = 'playing';
      this.#options.onFailed(null);
    }
  }

  /**
   * Called when playback has ended with an error.
   *
   * @param isResumable - can resuming the engine fix it?
   * @param isEngineRetrying - does the engine continue to try without help?
   */
  fail(error: GatecastError, isResumable: boolean, isEngineRetrying = false): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    this.#lastError = error;
    this.#isResumable = isResumable;
    this.#isEngineRetrying = isEngineRetrying;
    const waitMs = isEngineRetrying ? null : this.#delayMs(error);
    if (waitMs === null) {
      this.#endWait();
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

  /** Called when media time does not advance although it should. */
  stalled(): void {
    if (this.#cancelWait) return;
    const error = new GatecastError('playback-stalled', 'Playback stands still.', {
      hint: 'Check the network and the media origin.',
      retryable: true,
    });
    this.fail(error, this.#state !== 'recovering');
  }

  /** Retries at once, because the page or the network is back. Returns false when no retry was pending. */
  hurry(): boolean {
    if (!this.#cancelWait) return false;
    // The segments that the engine knows may no longer be in the stream, so resuming is not enough.
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
    // The token manager has already used its own retries.
    if (!retryable || code.startsWith('token-') || this.#options.isOnTrial?.()) return null;
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
