/** Lets all calls during a start wait for the same one. */
export class SharedStart {
  #pending: Promise<void> | null = null;

  /** Waits for the start that runs; without one, begins this one. */
  join(begin: () => Promise<void>): Promise<void> {
    if (this.#pending) return this.#pending;
    // A start that was stopped may end after the next one has begun.
    const pending: Promise<void> = begin().finally(() => {
      if (this.#pending === pending) this.#pending = null;
    });
    return (this.#pending = pending);
  }

  /** The start that runs was stopped: the next call begins another one. */
  forget(): void {
    this.#pending = null;
  }
}
