interface Waiter {
  resolve(): void;
  reject(reason: Error): void;
}

/** Pauses that neither the page nor the viewer caused: playback continues after them, or after an error is solved. */
export const FORCED_PAUSES: ReadonlySet<string> = new Set([
  'buffer',
  'connectionclose',
  'notenoughdata',
  'playbackerror',
  'playbackrestart',
  'reconnectionimminent',
  'servernotfound',
  'sourcestreamstopped',
  'streamnotfound',
]);

/** Whether the vendor's player plays, and the calls of `play()` that wait for it: its own `play()` returns nothing. */
export class PlayState {
  /** Does it play, or should it as soon as it can? */
  isPlaying = false;
  /** Does the page know it as playing? */
  #isShownPlaying = false;
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

  /** @param reason - the vendor's reason for a pause. */
  onPause(reason: string): void {
    if (FORCED_PAUSES.has(reason)) return;
    this.isPlaying = false;
    if (reason === 'interactionrequired')
      this.reject('NotAllowedError', 'The browser starts playback only after a user gesture.');
    else if (reason === 'normal') this.reject('AbortError', 'The play() request was interrupted by pause().');
  }

  /**
   * Is an event of the media element for the page? A pause that the player makes itself, and its end, are not: a video
   * element does not pause either while it waits for data.
   */
  passes(type: string): boolean {
    if (type === 'play') {
      const isNews = !this.#isShownPlaying;
      this.#isShownPlaying = true;
      return isNews;
    }
    if (type !== 'pause') return true;
    const isNews = this.#isShownPlaying && !this.isPlaying;
    if (isNews) this.#isShownPlaying = false;
    return isNews;
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
