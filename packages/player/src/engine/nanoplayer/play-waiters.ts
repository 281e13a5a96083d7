interface Waiter {
  resolve(): void;
  reject(reason: Error): void;
}

/** Calls of `play()` that wait for playback to begin: the vendor's own call says nothing. */
export class PlayWaiters {
  #waiters: Waiter[] = [];

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  resolve(): void {
    for (const waiter of this.#take()) waiter.resolve();
  }

  /** @param name - as `HTMLMediaElement.play()` names it: `AbortError`, `NotAllowedError`, `NotSupportedError`. */
  reject(name: string, message: string): void {
    for (const waiter of this.#take()) waiter.reject(new DOMException(message, name));
  }

  #take(): Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
