export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one call may try again, in milliseconds. */
  readonly openMs: number;
  readonly now: () => number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Stops calling a service that is down: after some failures in a row every call fails at once for a while. */
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

  /** Milliseconds until the next try, 0 when one may be made now. */
  get waitMs(): number {
    return this.state === 'open' ? Math.max(1, this.#openUntilMs - this.#options.now()) : 0;
  }

  /** Claims the right to call: `false` while it is open, and to all but one while it is half open. */
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
