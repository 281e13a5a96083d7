/** Largest number of pauses to remember. The oldest is removed first. */
const MAX_PAUSES = 500;

/** What is not requested for a while, because it has failed. */
export class MediaPauses {
  readonly #pauseMs: number;
  readonly #now: () => number;
  readonly #untilMs = new Map<string, number>();

  /**
   * @param pauseMs - length of a pause in milliseconds.
   * @param now - milliseconds since the epoch.
   */
  constructor(pauseMs: number, now: () => number) {
    this.#pauseMs = pauseMs;
    this.#now = now;
  }

  /** @param name - an origin, or the address of a stream. */
  has(name: string): boolean {
    return (this.#untilMs.get(name) ?? 0) > this.#now();
  }

  start(name: string): void {
    this.#untilMs.delete(name);
    this.#untilMs.set(name, this.#now() + this.#pauseMs);
    const [oldest] = this.#untilMs.keys();
    if (this.#untilMs.size > MAX_PAUSES && oldest !== undefined) this.#untilMs.delete(oldest);
  }
}
