import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { describeTimeline } from '../record/describe-timeline.js';
import { reasonStyles } from './reason-styles.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { type AxisPalette, readPalette } from './axis-palette.js';
import { type AxisScene, composeScene, heightOf } from './axis-scene.js';
import {
  type AxisView,
  bringIntoView,
  clampSpan,
  formatInstant,
  liveView,
  panView,
  spanOf,
  timeAt,
  xOf,
  zoomView,
} from './axis-view.js';
import { renderAxisToolbar } from './axis-toolbar.js';
import { renderAxisLegend } from './axis-legend.js';
import { type FoundItem, findItem, nextItem } from './find-item.js';
import { paintCanvas, rulerHeight } from './paint-axis.js';
import { timeAxisStyles } from './time-axis-styles.js';

const paintEveryMs = 100;
/** Interval between updates of the description for screen readers. */
const describeEveryMs = 1_000;
const zoomStep = 1.5;
/** Milliseconds of the axis for each second of the past. The factor of 1.5 leaves room for the future. */
const spanPerPastSecond = 1_500;
const panShare = 0.2;

/** Shows a session on a time axis. The user can zoom and pan it, and point at an item to see its details. */
@customElement('time-axis')
export class TimeAxis extends LitElement {
  static override styles = [timeAxisStyles, reasonStyles];

  @property({ attribute: false }) record = new TimelineRecord();
  /** Streams with a lane. A stream in this list has one before its first token. */
  @property({ attribute: false }) streams: readonly string[] = [];
  /** Shows the lanes for a broadcast. */
  @property({ type: Boolean }) broadcast = false;
  /** Duration of the visible range while the axis follows the current time, in milliseconds. */
  @property({ type: Number, attribute: 'span-ms' }) spanMs = 90_000;
  /** Shows playback and tokens only, without buttons and legend. */
  @property({ type: Boolean }) compact = false;

  @query('canvas') private canvas!: HTMLCanvasElement;
  /** The view that the user chose; `null` while the axis follows the current time. */
  @state() private held: AxisView | null = null;
  @state() private found: FoundItem | null = null;
  @state() private pointerX = 0;

  #scene: AxisScene = { lanes: [], incidents: [] };
  #isStale = true;
  #describedAtMs = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  #palette: AxisPalette | undefined;
  #drag: { readonly x: number; readonly view: AxisView } | null = null;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #resize = new ResizeObserver(() => this.#paint());

  /** The visible time range. */
  get view(): AxisView {
    return this.held ?? liveView(Date.now(), this.spanMs);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(this.#tick, paintEveryMs);
    this.#scheme.addEventListener('change', this.#onScheme);
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#scheme.removeEventListener('change', this.#onScheme);
    this.#resize.disconnect();
    this.record.removeEventListener('change', this.#onChange);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('record')) {
      changed.get('record')?.removeEventListener('change', this.#onChange);
      this.record.addEventListener('change', this.#onChange);
    }
    this.#isStale = true;
  }

  override firstUpdated(): void {
    // Not passive, so that `preventDefault` can keep the page from scrolling.
    this.canvas.addEventListener('wheel', this.#onWheel, { passive: false });
  }

  override updated(): void {
    this.#paint();
  }

  /**
   * Shows a record with `pastSeconds` of the past.
   *
   * @param onChange Called after a zoom with the visible seconds of the past (10 to 1200).
   */
  showWindow(record: TimelineRecord, pastSeconds: number, onChange: (pastSeconds: number) => void): void {
    this.record = record;
    this.spanMs = pastSeconds * spanPerPastSecond;
    this.addEventListener('span-change', () =>
      onChange(Math.max(10, Math.min(1200, Math.round(this.spanMs / spanPerPastSecond)))),
    );
  }

  /** Returns the visible axis as a PNG image. */
  toPng(): Promise<Blob | null> {
    this.#paint();
    return new Promise((resolve) => this.canvas.toBlob(resolve, 'image/png'));
  }

  zoom(factor: number, aroundMs?: number): void {
    if (this.held)
      this.held = zoomView(this.held, factor, aroundMs ?? this.held.startAtMs + spanOf(this.held) / 2);
    else {
      this.spanMs = clampSpan(this.spanMs * factor);
      this.dispatchEvent(new Event('span-change'));
    }
  }

  pan(byMs: number): void {
    this.held = panView(this.view, byMs);
  }

  /** Follows the current time again. */
  follow(): void {
    if (this.held) this.spanMs = spanOf(this.held);
    this.held = null;
  }

  readonly #onChange = (): void => void (this.#isStale = true);

  readonly #onScheme = (): void => {
    this.#palette = undefined;
    this.#paint();
  };

  readonly #tick = (): void => {
    const nowMs = Date.now();
    if (Math.abs(nowMs - this.#describedAtMs) > describeEveryMs) {
      this.#describedAtMs = nowMs;
      this.requestUpdate();
    } else if (!document.hidden && (!this.held || this.#isStale)) this.#paint();
  };

  readonly #onWheel = (event: WheelEvent): void => {
    // Zoom only if the axis has the focus or a modifier key is pressed, so that the user can scroll the page.
    const isMeant = event.ctrlKey || event.metaKey || this.shadowRoot?.activeElement === this.#field;
    if (!isMeant) return;
    event.preventDefault();
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways) this.pan(((event.deltaX || event.deltaY) / this.clientWidth) * spanOf(this.view));
    else this.zoom(Math.exp(event.deltaY * 0.002), this.#timeOf(event));
  };

  get #field(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.field');
  }

  #timeOf({ offsetX }: MouseEvent): number {
    return timeAt(offsetX, this.view, this.canvas.clientWidth);
  }

  #onPointerDown(event: PointerEvent): void {
    this.#drag = { x: event.clientX, view: this.view };
    this.canvas.setPointerCapture(event.pointerId);
  }

  #onPointerMove(event: PointerEvent): void {
    const width = this.canvas.clientWidth;
    if (this.#drag && Math.abs(event.clientX - this.#drag.x) > 3) {
      const { view, x } = this.#drag;
      this.held = panView(view, ((x - event.clientX) / width) * spanOf(view));
      this.found = null;
      return;
    }
    this.pointerX = event.offsetX;
    this.found = findItem(this.#scene, this.view, { x: event.offsetX, y: event.offsetY, width });
  }

  #onPointerEnd(): void {
    this.#drag = null;
  }

  #onPointerLeave(): void {
    this.found = null;
  }

  #onKeyDown(event: KeyboardEvent): void {
    const step = spanOf(this.view) * panShare;
    const moves: Readonly<Record<string, () => void>> = {
      '+': () => this.zoom(1 / zoomStep),
      '=': () => this.zoom(1 / zoomStep),
      '-': () => this.zoom(zoomStep),
      ArrowLeft: () => this.pan(-step),
      ArrowRight: () => this.pan(step),
      ArrowUp: () => this.#choose(-1),
      ArrowDown: () => this.#choose(1),
      End: () => this.follow(),
      Escape: () => (this.found = null),
    };
    const move = moves[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !move) return;
    event.preventDefault();
    move();
  }

  /** Selects the item before or after the selected one and scrolls it into view. */
  #choose(direction: 1 | -1): void {
    const next = nextItem(this.#scene, this.found?.item, direction);
    if (!next) return;
    this.held = bringIntoView(this.view, next.item.fromMs);
    this.pointerX = xOf(next.item.fromMs, this.held, this.canvas.clientWidth);
    this.found = next;
  }

  #compose(): AxisScene {
    return composeScene(this.record, {
      streams: this.streams,
      hasBroadcast: this.broadcast,
      isCompact: this.compact,
    });
  }

  #paint(): void {
    if (!this.hasUpdated) return;
    if (this.#isStale) this.#scene = this.#compose();
    this.#isStale = false;
    this.#palette ??= readPalette(this);
    paintCanvas(this.canvas, {
      scene: this.#scene,
      view: this.view,
      width: this.canvas.clientWidth,
      nowMs: Date.now(),
      palette: this.#palette,
      chosen: this.found?.item,
    });
  }

  override render(): TemplateResult {
    const height = heightOf(this.#compose()) + rulerHeight;
    return html`${this.compact ? nothing : this.#renderToolbar()}
      <div
        class="field"
        tabindex="0"
        role="group"
        aria-label=${describeTimeline(this.record, Date.now())}
        @keydown=${this.#onKeyDown}
      >
        <canvas
          aria-hidden="true"
          style=${styleMap({ height: `${height}px` })}
          @pointerdown=${this.#onPointerDown}
          @pointermove=${this.#onPointerMove}
          @pointerup=${this.#onPointerEnd}
          @pointercancel=${this.#onPointerEnd}
          @pointerleave=${this.#onPointerLeave}
        ></canvas>
        <div class="tip-line" role="status">${this.found ? this.#renderTip(this.found) : nothing}</div>
      </div>
      ${this.compact ? nothing : renderAxisLegend()}`;
  }

  #renderToolbar(): TemplateResult {
    return renderAxisToolbar({
      isFollowing: !this.held,
      zoomIn: () => this.zoom(1 / zoomStep),
      zoomOut: () => this.zoom(zoomStep),
      earlier: () => this.pan(-spanOf(this.view) * panShare),
      later: () => this.pan(spanOf(this.view) * panShare),
      follow: () => this.follow(),
    });
  }

  #renderTip({ lane, item }: FoundItem): TemplateResult {
    const share = this.pointerX / Math.max(1, this.canvas.clientWidth);
    return html`<p
      class="tip"
      style=${styleMap({ left: `${share * 100}%`, translate: `${-share * 100}% 0` })}
    >
      <b>${lane}</b> ${formatInstant(item.fromMs, true)}<br />${item.details}
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'time-axis': TimeAxis;
  }
}
