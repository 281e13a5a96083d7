import type { Cancel, Clock, GatecastError } from '@gatecast/token';
import type { EngineReport } from '../engine.js';

export interface FaultNoticeOptions {
  readonly clock: Clock;
  readonly report: (report: EngineReport) => void;
  /** Called with the error when the page is told. */
  readonly onTold: (error: GatecastError) => void;
}

/** Tells the page once about a fault that has not passed in time, and that it has passed. */
export class FaultNotice {
  readonly #options: FaultNoticeOptions;
  #isTold = false;
  #deadlineMs = Infinity;
  #cancelAlarm: Cancel | null = null;

  constructor(options: FaultNoticeOptions) {
    this.#options = options;
  }

  /**
   * Tells the page at `deadlineMs` of the client's clock, unless playback has begun or `isMoot` says that the error would
   * be wrong. Of several deadlines the earliest counts.
   */
  tellAt(deadlineMs: number, error: GatecastError, isMoot: () => boolean): void {
    if (this.#isTold || deadlineMs >= this.#deadlineMs) return;
    this.stop();
    this.#deadlineMs = deadlineMs;
    this.#cancelAlarm = this.#options.clock.at(deadlineMs, () => {
      this.stop();
      if (!isMoot()) this.tell(error);
    });
  }

  tell(error: GatecastError): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.stop();
    this.#options.onTold(error);
    this.#options.report({ type: 'error', error, isResumable: false, isEngineRetrying: true });
  }

  /** Playback has begun. */
  clear(): void {
    this.stop();
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#options.report({ type: 'resumed' });
  }

  /** Tells nothing more about the current fault. */
  stop(): void {
    this.#deadlineMs = Infinity;
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
  }
}
