import type { Cancel, Clock } from '@gatecast/token';

/** The pause that belongs to an error comes with it, before or after. */
const PAUSE_DELAY_MS = 250;
/** The pause of a stream that has stopped. */
export const STOPPED_PAUSE = 'sourcestreamstopped';

/** Holds an error back until the pause that belongs to it tells what it means. */
export class HeldError {
  readonly #clock: Clock;
  readonly #onReason: (code: number, pauseReason: string | null) => void;
  #code: number | null = null;
  #cancelWait: Cancel | null = null;
  #hasStopped = false;

  /** @param onReason - called with the pause; `null` when none has come within 250 ms. */
  constructor(clock: Clock, onReason: (code: number, pauseReason: string | null) => void) {
    this.#clock = clock;
    this.#onReason = onReason;
  }

  hold(code: number): void {
    if (this.#code !== null) return;
    this.#code = code;
    if (this.#hasStopped) {
      this.#release(STOPPED_PAUSE);
      return;
    }
    this.#cancelWait = this.#clock.at(this.#clock.now() + PAUSE_DELAY_MS, () => {
      this.#release(null);
    });
  }

  onPause(reason: string): void {
    this.#hasStopped = reason === STOPPED_PAUSE;
    this.#release(reason);
  }

  /** The player plays, or is about to play again. */
  reset(): void {
    this.#hasStopped = false;
    this.drop();
  }

  drop(): void {
    this.#code = null;
    this.#cancelWait?.();
    this.#cancelWait = null;
  }

  #release(pauseReason: string | null): void {
    const code = this.#code;
    this.drop();
    if (code !== null) this.#onReason(code, pauseReason);
  }
}
