import type { CasePanel } from './cases/case-panel.js';
import { findCase } from '@gatecast/qa/internal/cases/qa-cases';
import type { QaCase } from '@gatecast/qa/internal/cases/qa-case';
import type { CaseResult } from '@gatecast/qa/internal/cases/case-result';
import { type CaseContext, runCase } from '@gatecast/qa/internal/cases/run-case';

export interface CaseQueueOptions {
  readonly panel: CasePanel;
  /** Prepares the page for a case, for example its source. */
  readonly prepare: (qaCase: QaCase) => Promise<void>;
  readonly context: () => Omit<CaseContext, 'signal' | 'onStep'>;
  readonly onResult: (result: CaseResult) => void;
}

const stopped = 'Stopped by the user.';

/** Runs cases one after the other. */
export class CaseQueue {
  readonly #options: CaseQueueOptions;
  #run: AbortController | undefined;

  constructor(options: CaseQueueOptions) {
    this.#options = options;
    options.panel.addEventListener('run-case', ({ names }) => void this.run(names));
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Stops the current run and starts a new one. An empty list only stops the current run. */
  async run(names: readonly string[]): Promise<void> {
    this.#run?.abort(new DOMException(stopped, 'AbortError'));
    const run = new AbortController();
    this.#run = run;
    for (const qaCase of names.flatMap((name) => findCase(name) ?? [])) {
      if (run.signal.aborted) return;
      const result = await this.#runOne(qaCase, run.signal);
      this.#options.panel.showResult(result);
      this.#options.onResult(result);
    }
    if (this.#run === run) this.#run = undefined;
  }

  async #runOne(qaCase: QaCase, signal: AbortSignal): Promise<CaseResult> {
    const { panel, prepare, context } = this.#options;
    const { name } = qaCase;
    panel.showStep(name, 'starting');
    try {
      await prepare(qaCase);
      return await runCase(qaCase, { ...context(), signal, onStep: (step) => panel.showStep(name, step) });
    } catch (error) {
      if (signal.aborted) return { name, outcome: 'skipped', words: stopped };
      return {
        name,
        outcome: 'failed',
        words: error instanceof Error ? error.message : 'The case stopped with an error.',
      };
    }
  }
}
