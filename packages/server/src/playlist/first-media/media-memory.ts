/** Counts the bytes of media in memory. */
export class MediaMemory {
  readonly #limit: number;
  readonly #evict: () => boolean;
  #used = 0;

  /**
   * @param limit - in bytes.
   * @param evict - releases the media that were not used for the longest time. `false` if all are in use.
   */
  constructor(limit: number, evict: () => boolean) {
    this.#limit = limit;
    this.#evict = evict;
  }

  get used(): number {
    return this.#used;
  }

  /** @returns `false` if there is no room. */
  reserve(bytes: number): boolean {
    if (bytes > this.#limit) return false;
    while (this.#used + bytes > this.#limit) if (!this.#evict()) return false;
    this.#used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}
