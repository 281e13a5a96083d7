import { type TemplateResult, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CopyFeedback } from '../copy-button.js';
import { Panel } from './panel.js';

/** A button that copies text. */
export interface CopyAction {
  readonly label: string;
  readonly text: () => string | Promise<string>;
}

/** Shows text with copy buttons, for example HTML for another page, or a report. */
@customElement('text-panel')
export class TextPanel extends Panel {
  /** Label of the button that copies the text. */
  @property({ attribute: 'copy-label' }) copyLabel = 'Copy';
  /** Shows the text only when the user requests it. */
  @property({ type: Boolean, attribute: 'on-demand' }) onDemand = false;
  /** Returns the current text. */
  @property({ attribute: false }) read: CopyAction['text'] | null = null;
  /** More copy buttons. */
  @property({ attribute: false }) moreCopies: readonly CopyAction[] = [];

  @state() private text = '';
  @state() private shown: { readonly label: string; readonly words: string } | null = null;
  readonly #feedback = new CopyFeedback();
  readonly #readText = async (): Promise<string> => (this.text = (await this.read?.()) ?? '');

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#feedback.stop();
  }

  /** Reads and shows the current text. */
  refresh(): void {
    void this.#readText();
  }

  protected override renderActions(): TemplateResult {
    const copy = { label: this.copyLabel, text: this.#readText };
    return html`<div class="actions">
      ${
        this.onDemand
          ? html`<button
              class="button"
              type="button"
              aria-label=${`Refresh: ${this.heading}`}
              @click=${() => this.refresh()}
            >
              Refresh
            </button>`
          : nothing
      }
      ${[copy, ...this.moreCopies].map(
        (action) =>
          html`<button class="button" type="button" @click=${() => this.#copy(action)}>
            ${this.shown?.label === action.label ? this.shown.words : action.label}
          </button>`,
      )}
    </div>`;
  }

  protected override renderBody(): TemplateResult {
    const hint = this.onDemand ? 'Select “Refresh” to show the current values.' : '';
    return html`<pre
      class="code"
      tabindex="0"
      role="group"
      aria-label=${this.heading}
    ><code>${this.text || hint}</code></pre>`;
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
