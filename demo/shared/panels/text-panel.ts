import { type TemplateResult, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { wireCopyButton } from '../copy-button.js';
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

  readonly #wired = new WeakSet<HTMLButtonElement>();

  protected override renderActions(): TemplateResult {
    return html`<div class="actions">
      ${
        this.refresh
          ? html`<button class="button" type="button" @click=${() => this.refresh?.()}>Refresh</button>`
          : nothing
      }
      ${this.copies.map(
        ({ label }) => html`<button class="button" type="button" data-copy>${label}</button>`,
      )}
    </div>`;
  }

  protected override renderBody(): TemplateResult {
    return html`<pre class="code" tabindex="0" aria-label=${this.heading}><code>${this.text}</code></pre>`;
  }

  override updated(): void {
    for (const [index, button] of this.querySelectorAll<HTMLButtonElement>('[data-copy]').entries()) {
      if (this.#wired.has(button)) continue;
      this.#wired.add(button);
      wireCopyButton(button, () => this.copies[index]?.text() ?? '');
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'text-panel': TextPanel;
  }
}
