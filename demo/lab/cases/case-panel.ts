import { type TemplateResult, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Panel } from '../../shared/panels/panel.js';
import { type QaCase, needsFaultApiWords } from '@gatecast/qa/internal/cases/qa-case';
import { qaCases } from '@gatecast/qa/internal/cases/qa-cases';
import type { CaseResult } from '@gatecast/qa/internal/cases/case-result';

/** Requests that the page runs cases. An empty list stops the current run. */
export class RunCaseEvent extends Event {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super('run-case');
    this.names = names;
  }
}

/** List of the cases, each with a button and its result. */
@customElement('case-panel')
export class CasePanel extends Panel {
  override heading = 'Cases';
  override note =
    'Each case injects a fault, clears it, and checks the recovery. “npx @gatecast/qa” runs the same cases on your page.';
  /** Whether the backend has the demo's fault API. */
  @property({ type: Boolean, attribute: 'has-fault-api' }) hasFaultApi = true;
  @state() private running: string | null = null;
  @state() private step = '';
  @state() private found: readonly CaseResult[] = [];

  get results(): readonly CaseResult[] {
    return this.found;
  }

  /** Shows the current step of a running case. */
  showStep(name: string, step: string): void {
    this.running = name;
    this.step = step;
  }

  showResult(result: CaseResult): void {
    this.running = null;
    this.found = [...this.found.filter(({ name }) => name !== result.name), result];
  }

  /** Starts a run, or stops it if the list is empty. `null` for a case that cannot run here. */
  #ask(names: readonly string[] | null): void {
    const isBusy = this.running !== null;
    if (names && names.length > 0 !== isBusy) this.dispatchEvent(new RunCaseEvent(names));
  }

  /** Unavailable buttons are not `disabled`: one that starts or stops a run would lose the keyboard focus. */
  protected override renderBody(): TemplateResult {
    const isBusy = this.running !== null;
    return html`<div class="case-bar">
        <p role="status">${this.#summary()}</p>
        <div class="actions">
          <button
            type="button"
            class="button primary"
            aria-disabled=${String(isBusy)}
            @click=${() => this.#ask(qaCases.map(({ name }) => name))}
          >
            Run all cases
          </button>
          <button
            type="button"
            class="button"
            aria-label="Stop the run"
            aria-disabled=${String(!isBusy)}
            @click=${() => this.#ask([])}
          >
            Stop
          </button>
        </div>
      </div>
      <ul class="cases">
        ${qaCases.map((qaCase) => this.#renderCase(qaCase, isBusy))}
      </ul>`;
  }

  #summary(): string {
    if (this.running !== null) {
      return `${qaCases.find(({ name }) => name === this.running)?.title ?? ''}: ${this.step} …`;
    }
    if (this.found.length === 0) return 'No case has been run yet.';
    const count = (outcome: CaseResult['outcome']): number =>
      this.found.filter((result) => result.outcome === outcome).length;
    return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped.`;
  }

  #renderCase({ name, title, words, needsFaultApi }: QaCase, isBusy: boolean): TemplateResult {
    const result = this.found.find((each) => each.name === name);
    const isRunning = this.running === name;
    const isOutOfReach = needsFaultApi && !this.hasFaultApi;
    const outcome = isRunning ? 'running' : (result?.outcome ?? '');
    return html`<li class=${outcome}>
      <div class="case-words">
        <h3>${title}</h3>
        <p>${isOutOfReach ? needsFaultApiWords : words}</p>
        ${result && !isRunning ? html`<p class="verdict">${result.words}</p>` : nothing}
      </div>
      ${outcome === '' ? nothing : html`<span class="badge">${isRunning ? this.step : outcome}</span>`}
      <button
        type="button"
        class="button"
        aria-label=${`Run “${title}”`}
        aria-disabled=${String(isBusy || isOutOfReach)}
        @click=${() => this.#ask(isOutOfReach ? null : [name])}
      >
        Run
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'case-panel': CasePanel;
  }
  interface HTMLElementEventMap {
    'run-case': RunCaseEvent;
  }
}
