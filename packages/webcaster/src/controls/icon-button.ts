import { html, type TemplateResult } from 'lit';

export interface IconButtonModel {
  readonly icon: TemplateResult;
  /** What a click does. */
  readonly label: string;
  readonly isActive?: boolean;
  readonly onClick: () => void;
}

/** A button with an icon and an accessible name. */
export function iconButton({ icon, label, isActive = false, onClick }: IconButtonModel): TemplateResult {
  // The label names what a click does, so aria-pressed would contradict it in a screen reader.
  return html`<button
    part="button"
    type="button"
    ?data-active=${isActive}
    title=${label}
    aria-label=${label}
    @click=${onClick}
  >
    ${icon}
  </button>`;
}
