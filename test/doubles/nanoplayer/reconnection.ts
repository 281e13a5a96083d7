import type { ReconnectOptions } from './player-config.js';
import type { PlayerEvents } from './player-events.js';

/** Seconds. Documentation only. */
const lowestDelay = 1;
const defaults = { minDelay: 2, maxDelay: 10, delaySteps: 10, maxRetries: 10 };

/** The wait before the next connection. */
export class Reconnection {
  readonly #events: PlayerEvents;
  #options = defaults;
  #retries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: PlayerEvents) {
    this.#events = events;
  }

  /** A `minDelay` below 1 is replaced by the default, and reported as 4004: the player plays on. Seen: 5.0.8. */
  configure(given: ReconnectOptions = {}): void {
    this.#options = { ...defaults, ...given };
    if (this.#options.minDelay >= lowestDelay) return;
    this.#options.minDelay = defaults.minDelay;
    this.#events.fire('Error', { code: 4004, message: 'The minimum delay is invalid. Reset to default.' });
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  onPlaying(): void {
    this.#retries = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Waits and connects; or returns false when that was done often enough. Order of events seen: 5.0.8. */
  start(connect: () => void): boolean {
    const { minDelay, maxDelay, delaySteps, maxRetries } = this.#options;
    if (this.#retries >= maxRetries) return false;
    this.#retries += 1;
    // With one step this is NaN. Seen: 5.0.8.
    const step = (maxDelay - minDelay) / (delaySteps - 1);
    const connectDelay = 1000 * Math.min(maxDelay, minDelay + step * (this.#retries - 1));
    this.#events.fire('Warning', { message: 'The connection was lost.' });
    this.#events.fire('Pause', { reason: 'reconnectionimminent' });
    this.#events.fire('Loading', { connectDelay });
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      connect();
    }, connectDelay);
    return true;
  }
}
