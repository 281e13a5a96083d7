import type { Cancel, Clock } from '@gatecast/token';

/** Timers of a worker keep their rate in a hidden tab; those of a page have one second there. */
const WORKER_CODE = 'let t;onmessage=({data})=>{clearInterval(t);t=setInterval(()=>postMessage(0),data)};';

/** Frames of a still picture: viewers who join later need them. */
const STILL_INTERVAL_MS = 200;

export interface FrameTicksOptions {
  readonly clock: Clock;
  readonly framerate: number;
  /** Do new frames of the sources call {@link FrameTicks.hint}? A timer then serves only for still pictures. */
  readonly hasHints: boolean;
  readonly onTick: () => void;
}

/** Says when a frame is due, at most `framerate` times a second. */
export class FrameTicks {
  readonly #options: FrameTicksOptions;
  readonly #intervalMs: number;
  #dueMs = 0;
  #cancel: Cancel | null = null;
  #worker: Worker | null = null;
  #isStopped = false;

  constructor(options: FrameTicksOptions) {
    this.#options = options;
    this.#intervalMs = 1000 / options.framerate;
    if (!options.hasHints) this.#startWorker();
    this.#schedule();
  }

  /** A source has a new frame. */
  hint(): void {
    const nowMs = this.#options.clock.now();
    // A camera's frames come a little too early or too late.
    if (nowMs < this.#dueMs - this.#intervalMs / 4) return;
    this.#tick(nowMs);
  }

  /** The picture changed: a frame is due now. */
  now(): void {
    this.#tick(this.#options.clock.now());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = null;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #tick(nowMs: number): void {
    if (this.#isStopped) return;
    // Late ticks are not made up for.
    this.#dueMs = Math.max(this.#dueMs, nowMs - this.#intervalMs) + this.#intervalMs;
    // First, so that what fails in the callback cannot end the ticks.
    this.#schedule();
    this.#options.onTick();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const { clock, hasHints } = this.#options;
    this.#cancel?.();
    const isStill = hasHints || this.#worker !== null;
    const waitMs = isStill ? Math.max(STILL_INTERVAL_MS, this.#intervalMs) : this.#intervalMs;
    this.#cancel = clock.at(clock.now() + waitMs, () => this.#tick(clock.now()));
  }

  /** The page's policy may forbid it; then the page's own timer is left. */
  #startWorker(): void {
    const url = URL.createObjectURL(new Blob([WORKER_CODE], { type: 'text/javascript' }));
    try {
      const worker = new Worker(url);
      this.#worker = worker;
      worker.onmessage = () => this.hint();
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        this.#worker = null;
        this.#schedule();
      };
      worker.postMessage(this.#intervalMs);
    } catch {
      this.#worker = null;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}
