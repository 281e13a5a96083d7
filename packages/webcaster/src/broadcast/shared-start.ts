/** Lets all calls during a start wait for the same one. */
export class SharedStart {
  #pending: Promise<void> | null = null;

  /** Waits for the start that runs; without one, begins this one. */
  join(begin: () => Promise<void>): Promise<void> {
    if (this.#pending) return this.#pending;
    let onDone!: (outcome: Promise<void>) => void;
    // Before it begins: an event of the start may stop it, or ask for another one.
    const pending = new Promise<void>((resolve) => (onDone = resolve));
    this.#pending = pending;
    // A start that was stopped may end after the next one has begun.
    const forgetIt = (): void => {
      if (this.#pending === pending) this.#pending = null;
    };
    onDone(begin().finally(forgetIt));
    return pending;
  }

  /** The start that runs was stopped: the next call begins another one. */
  forget(): void {
    this.#pending = null;
  }
}
