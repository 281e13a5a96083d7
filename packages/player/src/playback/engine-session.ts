import { GatecastError } from '@gatecast/token';
import type { Engine, EngineHost, EngineName, EngineReport } from '../engine/engine.js';
import { loadEngine } from '../engine/registry.js';
import { knownBandwidthBps } from '../loading/bandwidth-memory.js';
import { EarlyRequests } from '../loading/early-requests.js';
import { isTypeSupported } from './is-type-supported.js';
import { deferred } from '@gatecast/element';
import { planStart, type StartPlan } from '../loading/start-plan.js';

export interface EngineSessionOptions extends Omit<EngineHost, 'early' | 'plan' | 'signal' | 'report'> {
  readonly engineName: EngineName;
  readonly onReport: (report: EngineReport) => void;
}

/** One run of an engine, from its first early request to its end. */
export class EngineSession {
  readonly early: EarlyRequests;
  readonly #options: EngineSessionOptions;
  readonly #controller = new AbortController();
  readonly #attached = deferred<true>();
  #engine: Engine | null = null;
  #plan: Promise<StartPlan> | null = null;

  constructor(options: EngineSessionOptions) {
    this.#options = options;
    this.early = new EarlyRequests(options.authorizer, this.#controller.signal);
  }

  get engine(): Engine | null {
    return this.#engine;
  }

  /** Resolves when the media element has its source, so that `play()` is not cut off by it. */
  async readyToPlay(): Promise<void> {
    await this.#attached.promise;
    await this.#engine?.beforePlay?.();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Makes the first requests by our own loader; the media element is not touched.
   *
   * @throws GatecastError why the source cannot be played.
   */
  prepare(): Promise<StartPlan> {
    if (this.#plan) return this.#plan;
    const { source } = this.#options;
    const { early } = this;
    const plan = planStart({
      source,
      early,
      bandwidthBps: knownBandwidthBps(),
      isSupported: isTypeSupported,
    });
    // The engine waits for it too; here it only must not be an unhandled rejection while the engine is on its way.
    plan.catch(() => undefined);
    this.#plan = plan;
    return plan;
  }

  /** Loads the engine and lets it play; what goes wrong is reported. */
  begin(): void {
    void this.#begin();
  }

  stop(): void {
    this.#attached.reject(new DOMException('The source was changed or the player removed.', 'AbortError'));
    this.#controller.abort();
    this.#engine?.destroy();
    this.#engine = null;
    this.early.clear();
  }

  async #begin(): Promise<void> {
    const options = this.#options;
    const { engineName, onReport } = options;
    const { early } = this;
    const { signal } = this.#controller;
    // Engines that load by themselves never ask for it.
    const plan = () => this.prepare();
    if (engineName === 'hls') void plan();
    try {
      const createEngine = await loadEngine(engineName);
      if (signal.aborted) return;
      const report = (message: EngineReport): void => {
        if (!signal.aborted) onReport(message);
      };
      const { element, resumesPlaying, source, authorizer, tokens, config } = options;
      this.#engine = createEngine({
        element,
        get media() {
          return options.media;
        },
        replaceMedia: (standIn) => {
          options.replaceMedia(standIn);
        },
        resumesPlaying,
        source,
        authorizer,
        tokens,
        get settings() {
          return options.settings;
        },
        early,
        get plan() {
          return plan();
        },
        config,
        signal,
        report,
      });
      const loading = this.#engine.load();
      this.#attached.resolve(true);
      await loading;
    } catch (error) {
      if (this.signal.aborted) return;
      if (!(error instanceof GatecastError)) throw error;
      onReport({ type: 'error', error, isResumable: false });
    }
  }
}
