import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { describeTimeline } from './record/describe-timeline.js';
import { reasonStyles } from './axis/reason-styles.js';
import { renderRequestLane } from './request-lane.js';
import { renderBroadcastLane, renderPlaybackLane } from './state-lane.js';
import { type TimeWindow, axisTicks, percentAt, percentOf, spanMs } from './time-window.js';
import { type RequestLane, TimelineRecord } from './record/timeline-record.js';
import { renderTimelineLegend } from './timeline-legend.js';
import { timelineStyles } from './timeline-styles.js';
import { renderTokenLane } from './token-lane.js';

const requestTitles: Readonly<Record<RequestLane, string>> = {
  tokens: 'Token requests',
  ingest: 'Ingest',
  playlists: 'Playlists',
  media: 'Media',
};

const tidyEveryMs = 500;
/** The strip moves by an animation of its own, so that nothing runs for each frame; this is how far it can go. */
const windowsPerRun = 6;

/**
 * Token lifetimes, requests and playback on one axis of time that flows from right to left.
 */
@customElement('stream-timeline')
export class StreamTimeline extends LitElement {
  static override styles = [timelineStyles, reasonStyles];

  /** What to draw. */
  @property({ attribute: false }) record = new TimelineRecord();
  /** Streams that have a lane, also before their first token. */
  @property({ attribute: false }) streams: readonly string[] = [];
  /** Milliseconds shown before and after now. */
  @property({ attribute: false }) window: TimeWindow = { pastMs: 60_000, futureMs: 30_000 };
  /** Kinds of requests that have a lane. */
  @property({ attribute: false }) requests: readonly RequestLane[] = ['tokens', 'playlists', 'media'];
  /** Shows what a broadcast does, too. */
  @property({ type: Boolean, reflect: true }) broadcast = false;
  /** Leaves requests and legend out. */
  @property({ type: Boolean, reflect: true }) compact = false;

  @query('.strip') private strip!: HTMLElement;

  #epochMs = Date.now();
  #flow: Animation | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(this.#tidy, tidyEveryMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.record.removeEventListener('change', this.#onChange);
    this.#flow?.cancel();
    this.#flow = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('record')) {
      changed.get('record')?.removeEventListener('change', this.#onChange);
      this.record.addEventListener('change', this.#onChange);
    }
    if (changed.has('window')) this.#flow = null;
    if (!this.#flow || Date.now() - this.#epochMs > spanMs(this.window) * (windowsPerRun - 1)) {
      this.#epochMs = Date.now();
      this.#flow?.cancel();
      this.#flow = null;
    }
  }

  override updated(): void {
    this.#flow ??= this.#startFlow();
  }

  readonly #onChange = (): void => this.requestUpdate();

  /** Old marks leave, and the strip is put right after a sleep of the machine. */
  readonly #tidy = (): void => {
    if (document.hidden) return;
    const elapsedMs = Date.now() - this.#epochMs;
    const flowedMs = Number(this.#flow?.currentTime ?? elapsedMs);
    if (this.#flow && Math.abs(flowedMs - elapsedMs) > 100) this.#flow.currentTime = elapsedMs;
    this.requestUpdate();
  };

  #startFlow(): Animation {
    const duration = windowsPerRun * spanMs(this.window);
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    return this.strip.animate(
      { transform: ['translateX(0)', `translateX(${-100 * windowsPerRun}%)`] },
      { duration, easing: isCalm ? `steps(${Math.round(duration / 1000)})` : 'linear', fill: 'forwards' },
    );
  }

  override render(): TemplateResult {
    const { record, streams, window } = this;
    const nowMs = Date.now();
    const view = { epochMs: this.#epochMs, nowMs, window };
    const nowPercent = percentAt(0, 0, window);
    const ticks = axisTicks(window);
    const requests = this.compact ? [] : record.requests;
    const lanes = this.compact ? [] : this.requests;
    return html`<div class="field" role="img" aria-label=${describeTimeline(record, nowMs)}>
        ${ticks
          .filter(({ percent }) => percent > 0 && percent < 100)
          .map(({ percent }) => html`<div class="line" style=${styleMap({ left: `${percent}%` })}></div>`)}
        <div class="strip">
          ${this.broadcast ? renderBroadcastLane(record, view) : nothing} ${renderPlaybackLane(record, view)}
          ${streams.map((stream) => renderTokenLane(record, stream, view))}
          ${lanes.map((lane) => renderRequestLane(requests, lane, view))}
        </div>
        <div class="veil" style=${styleMap({ width: `${percentOf(window.futureMs, window)}%` })}></div>
        <div class="labels">
          ${(this.broadcast ? ['Broadcast', 'Playback'] : ['Playback']).map(
            (title) =>
              html`<div class="row state">
                <span>${title}</span>
                <div class="ahead" style=${styleMap({ left: `${nowPercent}%` })}></div>
              </div>`,
          )}
          ${streams.map((stream) => html`<div class="row tokens"><span>Token · ${stream}</span></div>`)}
          ${lanes.map((lane) => html`<div class="row requests"><span>${requestTitles[lane]}</span></div>`)}
        </div>
        <div class="now" style=${styleMap({ left: `${nowPercent}%` })}></div>
      </div>
      <div class="axis" aria-hidden="true">
        ${ticks
          .filter(({ percent }) => percent > 2 && percent < 98)
          .map(
            ({ percent, label }) =>
              html`<span class=${label === 'now' ? 'is-now' : ''} style=${styleMap({ left: `${percent}%` })}
                >${label}</span
              >`,
          )}
      </div>
      ${this.compact ? nothing : renderTimelineLegend()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'stream-timeline': StreamTimeline;
  }
}
