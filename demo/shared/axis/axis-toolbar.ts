import { type TemplateResult, html } from 'lit';

/** Actions of the buttons of a time axis. */
export interface AxisActions {
  readonly isFollowing: boolean;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly earlier: () => void;
  readonly later: () => void;
  readonly follow: () => void;
}

export function renderAxisToolbar(actions: AxisActions): TemplateResult {
  const { isFollowing, zoomIn, zoomOut, earlier, later, follow } = actions;
  const button = (label: string, sign: string, act: () => void): TemplateResult =>
    html`<button type="button" aria-label=${label} @click=${act}>${sign}</button>`;
  return html`<div class="bar" role="group" aria-label="Timeline view">
    ${button('Zoom in', '+', zoomIn)} ${button('Zoom out', '−', zoomOut)}
    ${button('Show earlier', '‹', earlier)} ${button('Show later', '›', later)}
    <button
      type="button"
      class="live"
      aria-label="Live: follow the current time"
      aria-pressed=${String(isFollowing)}
      @click=${follow}
    >
      Live
    </button>
    <span class="hint"
      >Focus the timeline first. Zoom: wheel, + or −. Move: drag, ← or →. Select a mark: ↑ or ↓.</span
    >
  </div>`;
}
