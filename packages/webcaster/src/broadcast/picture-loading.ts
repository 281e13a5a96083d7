import type { EventLog } from '@gatecast/element';
import type { GatecastError, LazyPart } from '@gatecast/token';

export interface PictureLoadingOptions {
  readonly log: EventLog;
  readonly load: LazyPart<unknown>;
  /** The code is there. */
  readonly onLoaded: (signal: AbortSignal) => Promise<void>;
  /** Called once, when several attempts have failed; further ones follow. */
  readonly onFailing: (error: GatecastError) => void;
  /** What `onLoaded` throws. */
  readonly onError: (error: unknown) => void;
  /** It is over, however it ended. */
  readonly onEnd: () => void;
}

/** A failed load is often over with the next attempt. */
const QUIET_ATTEMPTS = 3;

/** Loads the code of a picture that is wanted during a preview or broadcast, until it is there or no longer wanted. */
export class PictureLoading {
  readonly #options: PictureLoadingOptions;
  #run: AbortController | null = null;

  constructor(options: PictureLoadingOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#run !== null;
  }

  /** While it runs, nothing happens. */
  start(): void {
    if (!this.#run) void this.#load((this.#run = new AbortController()));
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  async #load(run: AbortController): Promise<void> {
    const { log, load, onLoaded, onFailing, onError, onEnd } = this.#options;
    const { signal } = run;
    let failures = 0;
    const onFailure = (error: GatecastError): void => {
      failures += 1;
      if (failures === QUIET_ATTEMPTS && !signal.aborted) onFailing(error);
    };
    try {
      await load({ signal, log, onFailure });
      await onLoaded(signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      if (this.#run === run) this.#run = null;
      onEnd();
    }
  }
}
