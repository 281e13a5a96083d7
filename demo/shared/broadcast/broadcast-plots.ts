import type { BroadcastStats } from '@gatecast/webcaster';
import { LitElement, type TemplateResult, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import './stat-plot.js';

interface Plot {
  readonly label: string;
  readonly unit: string;
  /** Highest value of the scale, unless a measured value is higher. */
  readonly top: number;
  readonly read: (stats: BroadcastStats) => number | null;
}

const plots: readonly Plot[] = [
  {
    label: 'Bitrate',
    unit: 'kbit/s',
    top: 1_000,
    read: ({ videoKbps, audioKbps }) =>
      videoKbps === null && audioKbps === null ? null : (videoKbps ?? 0) + (audioKbps ?? 0),
  },
  { label: 'Frame rate', unit: 'fps', top: 30, read: ({ framesPerSecond }) => framesPerSecond },
  { label: 'Round-trip time', unit: 'ms', top: 50, read: ({ roundTripMs }) => roundTripMs },
  { label: 'Packet loss', unit: '%', top: 5, read: ({ lossPercent }) => lossPercent },
];

/** Shows the statistics of a broadcast, each with a plot of the last minute. It has no shadow root. */
@customElement('broadcast-plots')
export class BroadcastPlots extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'region';
    this.ariaLabel = 'Broadcast statistics';
  }

  /** Adds the statistics of one second. */
  add(stats: BroadcastStats): void {
    for (const [index, plot] of this.querySelectorAll('stat-plot').entries()) {
      plot.add(plots[index]?.read(stats) ?? null);
    }
  }

  override render(): TemplateResult {
    return html`${plots.map(
      ({ label, unit, top }) => html`<stat-plot label=${label} unit=${unit} top=${top}></stat-plot>`,
    )}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'broadcast-plots': BroadcastPlots;
  }
}
