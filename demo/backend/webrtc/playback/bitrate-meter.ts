const WINDOW_MS = 1000;

/** Measures a bit rate in windows of one second. */
export class BitrateMeter {
  #startMs: number | undefined;
  #bytes = 0;
  #last: number | undefined;

  add(bytes: number, nowMs: number): void {
    this.#startMs ??= nowMs;
    if (nowMs - this.#startMs >= WINDOW_MS) {
      this.#last = this.#rate(nowMs);
      this.#startMs = nowMs;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
  }

  /** In bits per second: of the last complete window, or of the first one so far. 0 if nothing has come for two seconds. */
  bitrate(nowMs: number): number {
    if (this.#startMs === undefined || nowMs - this.#startMs > 2 * WINDOW_MS) return 0;
    return this.#last ?? this.#rate(Math.max(nowMs, this.#startMs + 100));
  }

  #rate(nowMs: number): number {
    return Math.round((this.#bytes * 8000) / Math.max(1, nowMs - (this.#startMs ?? nowMs)));
  }
}
