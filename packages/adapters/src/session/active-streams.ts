import type { Cancel, Clock, LeaseOptions, TokenLease, TokenManager } from '@gatecast/token';

/** A stream for which nothing was requested for this long is not renewed: the player may be gone, or paused. */
const IDLE_MS = 60_000;

/** The streams that a player uses at the moment: their tokens are renewed ahead. */
export class ActiveStreams {
  readonly #manager: TokenManager;
  readonly #clock: Clock;
  readonly #options: Omit<LeaseOptions, 'streams'>;
  readonly #usedAtMs = new Map<string, number>();
  #lease: TokenLease | null = null;
  #cancelSweep: Cancel | null = null;

  constructor(manager: TokenManager, clock: Clock, options: Omit<LeaseOptions, 'streams'>) {
    this.#manager = manager;
    this.#clock = clock;
    this.#options = options;
  }

  get names(): string[] {
    return [...this.#usedAtMs.keys()];
  }

  /** @returns whether its token was not renewed until now. */
  use(stream: string): boolean {
    const isNew = !this.#usedAtMs.has(stream);
    this.#usedAtMs.set(stream, this.#clock.now());
    if (isNew) this.#hold();
    this.#cancelSweep ??= this.#clock.at(this.#clock.now() + IDLE_MS, this.#sweep);
    return isNew;
  }

  release(): void {
    this.#usedAtMs.clear();
    this.#hold();
    this.#cancelSweep?.();
    this.#cancelSweep = null;
  }

  #hold(): void {
    const streams = this.names;
    if (streams.length === 0) {
      this.#lease?.release();
      this.#lease = null;
    } else if (this.#lease) this.#lease.setStreams(streams);
    else this.#lease = this.#manager.lease({ ...this.#options, streams });
  }

  readonly #sweep = (): void => {
    const idleSinceMs = this.#clock.now() - IDLE_MS;
    for (const [stream, usedAtMs] of this.#usedAtMs)
      if (usedAtMs <= idleSinceMs) this.#usedAtMs.delete(stream);
    this.#hold();
    const oldestMs = Math.min(...this.#usedAtMs.values());
    this.#cancelSweep = this.#usedAtMs.size > 0 ? this.#clock.at(oldestMs + IDLE_MS, this.#sweep) : null;
  };
}
