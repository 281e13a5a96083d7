import { LitElement, type TemplateResult, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';

/**
 * A card with a heading, a note and buttons. It has no shadow root, so that the page's styles apply. The page reserves
 * its height until it is defined.
 */
export abstract class Panel extends LitElement {
  @property() heading = '';
  @property() note = '';

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'region';
    this.ariaLabel = this.heading;
  }

  /** Renders the buttons beside the heading. */
  protected renderActions(): unknown {
    return nothing;
  }

  protected abstract renderBody(): unknown;

  override render(): TemplateResult {
    return html`<div class="card-head">
        <div>
          <h2>${this.heading}</h2>
          ${this.note === '' ? nothing : html`<p>${this.note}</p>`}
        </div>
        ${this.renderActions()}
      </div>
      ${this.renderBody()}`;
  }
}
