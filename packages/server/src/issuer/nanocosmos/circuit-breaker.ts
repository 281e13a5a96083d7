export interface CircuitBreakerOptions {
  /** Consecutive failures that open the circuit. */
  readonly failures: number;
  /** Milliseconds for which the circuit stays open. After that, one call may try again. */
  readonly openMs: number;
  readonly now: () => number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Stops requests to a service that is down: after consecutive failures, calls fail immediately for `openMs`. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #openUntilMs = 0;
  #isTrying = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get state(): CircuitState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#options.now() < this.#openUntilMs || this.#isTrying ? 'open' : 'half-open';
  }

  /** Milliseconds until the next try; 0 if a call may start now. */
  get waitMs(): number {
    return this.state === 'open' ? Math.max(1, this.#openUntilMs - this.#options.now()) : 0;
  }

  /** Asks to start a call. Returns `false` while the circuit is open; while it is half-open, `true` for one call only. */
  enter(): boolean {
    const { state } = this;
    if (state === 'half-open') this.#isTrying = true;
    return state !== 'open';
  }

  succeed(): void {
    this.#failures = 0;
    this.#isTrying = false;
  }

  fail(): void {
    this.#failures += 1;
    this.#isTrying = false;
    if (this.#failures >= this.#options.failures)
      this.#openUntilMs = this.#options.now() + this.#options.openMs;
  }
}
