interface Waiter {
  resolve(): void;
  reject(reason: Error): void;
}

/** Pauses that the player makes itself, after which it continues by itself. */
const PASSING_PAUSES: ReadonlySet<string> = new Set(['reconnectionimminent', 'playbackrestart', 'buffer']);

/** Whether the vendor's player plays, and the calls of `play()` that wait for it: its own `play()` returns nothing. */
export class PlayState {
  /** Does it play, or should it as soon as it can? */
  isPlaying = false;
  #waiters: Waiter[] = [];

  /** Starts playback; resolves when it has begun. */
  start(begin: () => void): Promise<void> {
    const begun = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
    this.isPlaying = true;
    begin();
    return begun;
  }

  onPlay(): void {
    this.isPlaying = true;
    for (const waiter of this.#take()) waiter.resolve();
  }

  /**
   * @param reason - the vendor's reason for a pause.
   * @param isRenewing - is a refused token being replaced? Playback continues after that.
   */
  onPause(reason: string, isRenewing: boolean): void {
    if (PASSING_PAUSES.has(reason)) return;
    if (!isRenewing) this.isPlaying = false;
    if (reason === 'interactionrequired')
      this.reject('NotAllowedError', 'The browser starts playback only after a user gesture.');
    else if (reason === 'normal') this.reject('AbortError', 'The play() request was interrupted by pause().');
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
