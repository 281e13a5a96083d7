export interface KeyframeRequestsOptions {
  /** Sends a picture loss indication for an SSRC. */
  readonly send: (ssrc: number) => void;
  /** Milliseconds since any time. */
  readonly now: () => number;
}

/** A burst of losses must cause only one keyframe request. */
const MIN_SPACING_MS = 300;

/** Limits the keyframe requests for each SSRC to one in 300 ms. An earlier one is sent at the end of that time. */
export class KeyframeRequests {
  readonly #options: KeyframeRequestsOptions;
  readonly #lastAtMs = new Map<number, number>();
  readonly #delayed = new Map<number, NodeJS.Timeout>();

  constructor(options: KeyframeRequestsOptions) {
    this.#options = options;
  }

  request(ssrc: number): void {
    if (this.#delayed.has(ssrc)) return;
    const waitMs = (this.#lastAtMs.get(ssrc) ?? -Infinity) + MIN_SPACING_MS - this.#options.now();
    if (waitMs <= 0) {
      this.#send(ssrc);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#delayed.delete(ssrc);
        this.#send(ssrc);
      },
      Math.min(waitMs, MIN_SPACING_MS),
    );
    timer.unref();
    this.#delayed.set(ssrc, timer);
  }

  close(): void {
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
  }

  #send(ssrc: number): void {
    this.#lastAtMs.set(ssrc, this.#options.now());
    this.#options.send(ssrc);
  }
}
