import type { ObservedEvent, ViewEndReason, ViewTotals } from './playback-observation.js';

/** The times of one view. Pure: it is told what happens and when, in milliseconds of a monotonic clock. */
export class View {
  readonly #tell: (event: ObservedEvent, atMs: number) => void;
  readonly #heartbeatMs: number;
  readonly #startedMs: number;
  #startupMs: number | null = null;
  #watchedMs = 0;
  #stalledMs = 0;
  #stalls = 0;
  #playingSinceMs: number | null = null;
  #stalledSinceMs: number | null = null;
  #lastBeatMs: number;

  /** @param tell - gets each event with its time since the view began. */
  constructor(
    nowMs: number,
    isAutoplay: boolean,
    heartbeatMs: number,
    tell: (event: ObservedEvent, atMs: number) => void,
  ) {
    this.#startedMs = this.#lastBeatMs = nowMs;
    this.#heartbeatMs = heartbeatMs;
    this.#tell = tell;
    this.add({ type: 'view-start', isAutoplay }, nowMs);
  }

  add(event: ObservedEvent, nowMs: number): void {
    this.#tell(event, nowMs - this.#startedMs);
  }

  /** It plays: media time moves. */
  playing(nowMs: number): void {
    this.#endStall(nowMs);
    this.#playingSinceMs ??= nowMs;
    if (this.#startupMs !== null) return;
    this.#startupMs = nowMs - this.#startedMs;
    this.add({ type: 'first-frame', startupMs: this.#startupMs }, nowMs);
  }

  /** Media time has moved on. */
  moved(nowMs: number): void {
    if (this.#startupMs === null) return;
    this.#endStall(nowMs);
    this.#playingSinceMs ??= nowMs;
    if (nowMs - this.#lastBeatMs < this.#heartbeatMs) return;
    this.#lastBeatMs = nowMs;
    this.add({ type: 'heartbeat', ...this.#totals(nowMs) }, nowMs);
  }

  /** Media is missing. Before the first frame that is part of the start. */
  stalled(nowMs: number): void {
    this.#endPlaying(nowMs);
    if (this.#startupMs === null || this.#stalledSinceMs !== null) return;
    this.#stalledSinceMs = nowMs;
    this.#stalls += 1;
    this.add({ type: 'stall-start' }, nowMs);
  }

  /** The viewer or the page has paused it or seeks, so that nothing is missing. */
  rests(nowMs: number): void {
    this.#endStall(nowMs);
    this.#endPlaying(nowMs);
  }

  end(reason: ViewEndReason, nowMs: number): void {
    this.rests(nowMs);
    this.add({ type: 'view-end', reason, ...this.#totals(nowMs) }, nowMs);
  }

  #endStall(nowMs: number): void {
    if (this.#stalledSinceMs === null) return;
    const durationMs = nowMs - this.#stalledSinceMs;
    this.#stalledSinceMs = null;
    this.#stalledMs += durationMs;
    this.add({ type: 'stall-end', durationMs }, nowMs);
  }

  #endPlaying(nowMs: number): void {
    if (this.#playingSinceMs !== null) this.#watchedMs += nowMs - this.#playingSinceMs;
    this.#playingSinceMs = null;
  }

  #totals(nowMs: number): ViewTotals {
    const playingMs = this.#playingSinceMs === null ? 0 : nowMs - this.#playingSinceMs;
    return {
      startupMs: this.#startupMs,
      watchedMs: this.#watchedMs + playingMs,
      stalledMs: this.#stalledMs,
      stalls: this.#stalls,
    };
  }
}
