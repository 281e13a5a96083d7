import { deferred } from '@gatecast/element';
import type { Engine, EngineHost, EngineReport, EngineStart } from '../engine/engine.js';
import { engineDefinitions, startEngine, type EngineName, type EngineOptions } from '../engine/registry.js';
import { asPlaybackError } from '../source/source-errors.js';

export interface EngineSessionOptions extends Omit<EngineHost<EngineOptions>, 'signal'> {
  readonly engineName: EngineName;
}

/** One run of an engine, from its first early request to its end. */
export class EngineSession {
  /** The requests that can start before the engine's code is loaded. */
  readonly start: EngineStart;
  readonly #options: EngineSessionOptions;
  readonly #controller = new AbortController();
  readonly #attached = deferred<true>();
  #engine: Engine | null = null;

  constructor(options: EngineSessionOptions) {
    this.#options = options;
    const { signal } = this.#controller;
    this.start = startEngine(options.engineName, {
      ...options,
      signal,
      report: this.#report,
    });
  }

  get engine(): Engine | null {
    return this.#engine;
  }

  /** Resolves when the media element has its source. A `play()` before that would be interrupted. */
  async readyToPlay(): Promise<void> {
    await this.#attached.promise;
    await this.#engine?.beforePlay?.();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Loads the engine and plays. Failures are reported.
   *
   * @param timeS - where a recording begins, for an engine that can; 0 is the default.
   */
  begin(timeS: number): void {
    void this.#begin(timeS);
  }

  /** The access to a stream has ended, but not to all. Returns whether playback goes on without it. */
  leaveOut(stream: string): boolean {
    const { leavesOutEntries } = engineDefinitions[this.#options.engineName];
    return leavesOutEntries ?? this.#engine?.leaveOut?.(stream) ?? false;
  }

  stop(): void {
    this.#attached.reject(new DOMException('The source was changed or the player removed.', 'AbortError'));
    this.#controller.abort();
    this.#engine?.destroy();
    this.#engine = null;
    this.start.end?.();
  }

  async #begin(timeS: number): Promise<void> {
    const { start } = this;
    // Ignored here: the loaded engine makes the same request and reports the failure.
    start.prepare?.().catch(() => undefined);
    try {
      const createEngine = await start.load();
      if (this.signal.aborted) return;
      this.#engine = createEngine();
      const loading = this.#engine.load(timeS);
      this.#attached.resolve(true);
      await loading;
    } catch (error) {
      const typed = asPlaybackError(error);
      if (typed) this.#report({ type: 'error', error: typed, isResumable: false });
    }
  }

  readonly #report = (report: EngineReport): void => {
    if (!this.signal.aborted) this.#options.report(report);
  };
}
