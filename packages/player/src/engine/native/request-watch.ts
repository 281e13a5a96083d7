/** Counts the requests for one address of a media element that pass through the service worker. */
export class RequestWatch {
  #asked = 0;
  #media = 0;
  #pending = 0;
  #failed = 0;
  #run = 0;

  /** The media element gets an address: earlier requests do not count. */
  restart(): void {
    this.#run += 1;
    this.#asked = this.#media = this.#pending = this.#failed = 0;
  }

  /** A request arrives. Call the returned function when it has its response. */
  begin(isMedia: boolean): (isGood: boolean) => void {
    const run = this.#run;
    this.#asked += 1;
    this.#pending += 1;
    if (isMedia) this.#media += 1;
    return (isGood) => {
      if (run !== this.#run) return;
      this.#pending -= 1;
      if (!isGood) this.#failed += 1;
    };
  }

  /**
   * Why does playback fail although the page can read the playlist? `passed-by`: the requests do not pass through the worker.
   * `origin`: the network or the origin is the reason, or may be. `player`: the player has got what it requested.
   */
  get verdict(): 'passed-by' | 'origin' | 'player' {
    if (this.#asked === 0) return 'passed-by';
    if (this.#pending + this.#failed > 0) return 'origin';
    // Safari may request what a worker has given it once more, by itself, and then requests no segment.
    return this.#media === 0 ? 'passed-by' : 'player';
  }
}
