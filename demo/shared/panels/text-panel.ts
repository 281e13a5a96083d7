import { type TemplateResult, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CopyFeedback } from '../copy-button.js';
import { Panel } from './panel.js';

/** A button that copies text. */
export interface CopyAction {
  readonly label: string;
  readonly text: () => string | Promise<string>;
}

/** Text to read and to copy: HTML for another page, or a report. */
@customElement('text-panel')
export class TextPanel extends Panel {
  @property({ attribute: false }) text = '';
  @property({ attribute: false }) copies: readonly CopyAction[] = [];
  /** Reads the text again. The panel has a button for it. */
  @property({ attribute: false }) refresh: (() => unknown) | null = null;

  @state() private shown: { readonly label: string; readonly words: string } | null = null;
  readonly #feedback = new CopyFeedback();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#feedback.stop();
  }

  protected override renderActions(): TemplateResult {
    return html`<div class="actions">
      ${
        this.refresh
          ? html`<button class="button" type="button" @click=${() => this.refresh?.()}>Refresh</button>`
          : nothing
      }
      ${this.copies.map(
        (action) =>
          html`<button class="button" type="button" @click=${() => this.#copy(action)}>
            ${this.shown?.label === action.label ? this.shown.words : action.label}
          </button>`,
      )}
    </div>`;
  }

  protected override renderBody(): TemplateResult {
    return html`<pre
      class="code"
      tabindex="0"
      role="group"
      aria-label=${this.heading}
    ><code>${this.#shownText}</code></pre>`;
  }

  get #shownText(): string {
    return this.text === '' && this.refresh ? 'Choose “Refresh” to read the current values.' : this.text;
  }

  #copy({ label, text }: CopyAction): void {
    void this.#feedback.copy(text(), (words) => (this.shown = words === null ? null : { label, words }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'text-panel': TextPanel;
  }
}
