/** What is read from a media element. */
export interface Playhead {
  readonly currentTime: number;
}

/** A span without progress, in milliseconds of `performance.now()`. `toMs` is null while it lasts. */
interface Stall {
  readonly fromMs: number;
  toMs: number | null;
}

/** Shorter pauses are the granularity of `currentTime` on a busy machine. */
const shortestStallMs = 500;
/** A jump back of more than this is a rewind: the viewer sees the same again. */
const rewindS = 1;

/** Records when a player advances. */
export class PlayMeter {
  readonly #media: Playhead;
  readonly #stalls: Stall[] = [];
  #lastTime: number;
  #movedAtMs: number;
  #hasStarted = false;
  /** Media that has played, in milliseconds, without jumps. */
  playedMs = 0;
  rewinds = 0;

  constructor(media: Playhead, nowMs: number) {
    this.#media = media;
    this.#lastTime = media.currentTime;
    this.#movedAtMs = nowMs;
    this.#stalls.push({ fromMs: nowMs, toMs: null });
  }

  sample(nowMs: number): void {
    const { currentTime } = this.#media;
    const advancedS = currentTime - this.#lastTime;
    const stall = this.#stalls.at(-1);
    if (advancedS === 0) {
      if (nowMs - this.#movedAtMs < shortestStallMs || stall?.toMs === null) return;
      this.#stalls.push({ fromMs: this.#movedAtMs, toMs: null });
      return;
    }
    // The first position of a live stream is a jump.
    if (advancedS < -rewindS && this.#hasStarted) this.rewinds += 1;
    const isPlayback = advancedS > 0 && advancedS < 1.5;
    if (isPlayback) {
      this.playedMs += advancedS * 1000;
      this.#hasStarted = true;
      if (stall?.toMs === null) stall.toMs = nowMs;
      this.#movedAtMs = nowMs;
    }
    this.#lastTime = currentTime;
  }

  /** Milliseconds since the end of the last stall; 0 during one. */
  steadyMs(nowMs: number): number {
    const stall = this.#stalls.at(-1);
    if (stall?.toMs === null) return 0;
    return nowMs - (stall?.toMs ?? nowMs);
  }

  /** Milliseconds from an instant to the end of the last stall after it; 0 without one, null if it lasts. */
  backAfter(instantMs: number): number | null {
    const last = this.#stalls.at(-1);
    if (last?.toMs === null) return null;
    return Math.max(0, (last?.toMs ?? 0) - instantMs);
  }

  /** Milliseconds of stalls from one instant to another. */
  stalledMs(fromMs: number, toMs: number): number {
    return this.#stalls.reduce(
      (sum, stall) => sum + Math.max(0, Math.min(stall.toMs ?? toMs, toMs) - Math.max(stall.fromMs, fromMs)),
      0,
    );
  }
}
