import { LitElement, type TemplateResult, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

const most = 60;
const [plotWidth, plotHeight] = [120, 32];

/** Shows a value and a plot of its last 60 seconds. */
@customElement('stat-plot')
export class StatPlot extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      padding: 0.75rem 0.9rem;
      background: var(--surface);
      border: 1px solid var(--line);
      border-radius: var(--radius-small);
    }
    .label {
      font-size: var(--tiny);
      color: var(--ink-soft);
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .value {
      height: 1.7rem;
      font-size: 1.1875rem;
      font-weight: 650;
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
    .unit {
      font-size: var(--tiny);
      font-weight: 500;
      color: var(--ink-soft);
    }
    svg {
      display: block;
      width: 100%;
      height: 2rem;
      margin-top: 0.25rem;
      overflow: visible;
    }
    .line {
      fill: none;
      stroke: var(--accent);
      stroke-width: 1.75;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }
    .area {
      fill: var(--accent-wash);
      stroke: none;
    }
    .floor {
      stroke: var(--line);
      vector-effect: non-scaling-stroke;
    }
  `;

  @property() label = '';
  @property() unit = '';
  /** Highest value of the scale, unless a measured value is higher. */
  @property({ type: Number }) top = 1;

  @state() private values: readonly (number | null)[] = [];

  /** Adds the value of one second; `null` if it is unknown. */
  add(value: number | null): void {
    this.values = [...this.values, value].slice(-most);
  }

  override render(): TemplateResult {
    const value = this.values.at(-1) ?? null;
    return html`<div class="label">${this.label}</div>
      <div class="value">
        ${value === null ? '–' : Math.round(value * 10) / 10}
        <span class="unit">${value === null ? nothing : this.unit}</span>
      </div>
      <svg viewBox="0 0 ${plotWidth} ${plotHeight}" preserveAspectRatio="none" aria-hidden="true">
        ${this.#renderCurve()}
        <line class="floor" x1="0" x2=${plotWidth} y1=${plotHeight} y2=${plotHeight}></line>
      </svg>`;
  }

  #renderCurve(): TemplateResult | typeof nothing {
    const points = plotPoints(this.values, this.top);
    const [first] = points;
    const last = points.at(-1);
    if (!first || !last || points.length < 2) return nothing;
    const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    return svg`<polygon class="area" points="${first.x},${plotHeight} ${line} ${last.x},${plotHeight}"></polygon>
      <polyline class="line" points=${line}></polyline>`;
  }
}

/** Returns the points of the plot. The latest value is at the right edge. Unknown values have no point. */
export function plotPoints(values: readonly (number | null)[], top: number): { x: number; y: number }[] {
  const highest = Math.max(top, ...values.map((value) => value ?? 0));
  return values.flatMap((value, index) => {
    if (value === null) return [];
    const x = plotWidth - ((values.length - 1 - index) / (most - 1)) * plotWidth;
    return [{ x, y: plotHeight - (value / highest) * plotHeight }];
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'stat-plot': StatPlot;
  }
}
