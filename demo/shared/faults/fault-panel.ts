import { type TemplateResult, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Panel } from '../panels/panel.js';
import type { FaultController } from './fault-controller.js';
import { type FaultChoice, failStatuses, faultChoices, responseFlags, shapeChoice } from './fault-list.js';
import { describeFault, listFaults } from './fault-parameters.js';

/** Panel to set faults. It also shows which faults are set. */
@customElement('fault-panel')
export class FaultPanel extends Panel {
  override heading = 'Faults';
  override note = 'Faults apply to the demo backend and affect every page that uses it.';
  @property({ attribute: false }) faults: FaultController | null = null;

  #listened = new AbortController();
  /** Values of the faults in the URL, by path. */
  #wanted: ReadonlyMap<string, unknown> = new Map();

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate('faults');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listened.abort();
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('faults')) {
      this.#listened.abort();
      this.#listened = new AbortController();
      const { signal } = this.#listened;
      this.faults?.addEventListener('change', () => this.requestUpdate(), { signal });
    }
    const wanted = listFaults(this.faults?.wanted ?? {});
    this.#wanted = new Map(wanted.map(({ path, value }) => [path, value]));
  }

  #set(path: string, value: unknown): void {
    void this.faults?.set({ [path]: value });
  }

  /** Its button disappears, so the focus moves to one that stays. */
  #clear(path: string): void {
    this.querySelector<HTMLElement>('.clear-all')?.focus();
    this.#set(path, null);
  }

  #fail(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const [fail, status] = [Number(form.get('fail')), Number(form.get('status'))];
    void this.faults?.set({ 'tokens.fail': fail, 'tokens.status': status });
  }

  protected override renderActions(): TemplateResult {
    return html`<button
      class="button clear-all"
      type="button"
      aria-label="Clear all faults"
      @click=${() => void this.faults?.clear()}
    >
      Clear all
    </button>`;
  }

  protected override renderBody(): TemplateResult {
    return html`<div class="active-faults" aria-live="polite">${this.#renderActive()}</div>
      <form class="fault wide" @submit=${this.#fail}>
        <div class="fault-words">
          <h3>Fail token requests</h3>
          <p>The current token stays in use. The delay between retries increases.</p>
        </div>
        <div class="fault-fields">
          <label class="field"
            >Requests <input type="number" name="fail" min="1" max="1000" value="5" required
          /></label>
          <label class="field status"
            >Status
            <select name="status">
              ${failStatuses.map(([status, label]) => html`<option value=${status}>${label}</option>`)}
            </select></label
          >
          <button class="button" type="submit" aria-label="Fail token requests">Fail</button>
        </div>
      </form>
      ${faultChoices.map((choice) => this.#renderChoice(choice))}
      <details>
        <summary>Token response</summary>
        ${this.#renderChoice(shapeChoice)}
        <div class="checks">${responseFlags.map(([path, label]) => this.#renderFlag(path, label))}</div>
      </details>
      <p class="fault-error" role="alert">${this.faults?.error ?? ''}</p>`;
  }

  #renderActive(): TemplateResult {
    const active = this.faults?.active ?? [];
    if (active.length === 0) return html`<p class="small soft">No faults are set.</p>`;
    return html`<ul class="chips" aria-label="Faults that are set">
      ${active.map(
        (fault) =>
          html`<li class="chip">
            ${describeFault(fault)}
            <button type="button" aria-label=${`Clear ${fault.path}`} @click=${() => this.#clear(fault.path)}>
              ×
            </button>
          </li>`,
      )}
    </ul>`;
  }

  #renderChoice({ path, title, hint, options }: FaultChoice): TemplateResult {
    const wanted = this.#wanted.get(path) ?? null;
    const isWanted = (value: unknown): boolean => JSON.stringify(value) === JSON.stringify(wanted);
    // Add a value from the URL that is not in the list, so that the select element can show it.
    const offered = options.some(([, value]) => isWanted(value))
      ? options
      : [...options, [JSON.stringify(wanted), wanted] as const];
    const onChange = ({ currentTarget }: Event): void => {
      if (currentTarget instanceof HTMLSelectElement)
        this.#set(path, offered[currentTarget.selectedIndex]?.[1] ?? null);
    };
    return html`<div class="fault">
      <div class="fault-words">
        <h3 id=${`${path}-title`}>${title}</h3>
        <p>${hint}</p>
      </div>
      <select name=${path} aria-labelledby=${`${path}-title`} @change=${onChange}>
        ${offered.map(([label, value]) => html`<option .selected=${isWanted(value)}>${label}</option>`)}
      </select>
    </div>`;
  }

  #renderFlag(path: string, label: string): TemplateResult {
    const onChange = ({ currentTarget }: Event): void => {
      if (currentTarget instanceof HTMLInputElement) this.#set(path, currentTarget.checked || null);
    };
    return html`<label class="check"
      ><input
        type="checkbox"
        name=${path}
        .checked=${this.#wanted.get(path) === true}
        @change=${onChange}
      />${label}</label
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'fault-panel': FaultPanel;
  }
}
