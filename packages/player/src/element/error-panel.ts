import type { GatecastError } from '@gatecast/token';
import { html, type TemplateResult } from 'lit';

/** What stands in the element when playback has ended: what failed, what to do, and a way out. */
export function renderErrorPanel(error: GatecastError, retry: () => void): TemplateResult {
  return html`<div part="error" role="alert">
    <p class="message">${error.message}</p>
    <p class="hint">${error.hint}</p>
    <button part="retry" type="button" @click=${retry}>Try again</button>
  </div>`;
}
