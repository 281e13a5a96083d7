import type { BufferSample, IncidentKind } from '@gatecast/qa/internal/record/timeline-record';
import type { AxisPalette, AxisTone } from './axis-palette.js';
import type { AxisItem, LaneFrame } from './axis-item.js';
import { type AxisLane, type AxisScene, heightOf } from './axis-scene.js';
import { type AxisView, ticksOf, xOf } from './axis-view.js';
import { paintItem } from './paint-item.js';
import { visibleItems } from './visible-items.js';

export const rulerHeight = 24;
/** Least distance between ticks that leaves room for their labels. */
const pixelsPerTick = 88;
const bufferScaleSeconds = 20;

const incidentTones: Readonly<Record<IncidentKind, AxisTone>> = {
  fault: 'bad',
  error: 'warn',
  cleared: 'good',
  verdict: 'manual',
};

export interface PaintOptions {
  readonly scene: AxisScene;
  readonly view: AxisView;
  readonly width: number;
  readonly nowMs: number;
  readonly palette: AxisPalette;
  /** The selected item, which gets a frame. */
  readonly chosen?: AxisItem | undefined;
}

/** Fits a canvas to its size on the page, and paints a scene on it. */
export function paintCanvas(canvas: HTMLCanvasElement, options: PaintOptions): void {
  const density = Math.max(1, devicePixelRatio);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * density));
  if (width === undefined || height === undefined || width === 0) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  context?.setTransform(density, 0, 0, density, 0, 0);
  if (context) paintAxis(context, options);
}

/** Draws a scene, lane by lane, with the time of day below. */
function paintAxis(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { scene, view, width, nowMs, palette, chosen } = options;
  const height = heightOf(scene);
  context.clearRect(0, 0, width, height + rulerHeight);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height + rulerHeight);
  paintFuture(context, options, height);
  paintRuler(context, options, height);
  let top = 0;
  for (const lane of scene.lanes) {
    paintLane({ context, view, width, nowMs, palette, top, height: lane.height }, lane, chosen);
    top += lane.height;
  }
  paintIncidents(context, options, height);
}

function paintFuture(
  context: CanvasRenderingContext2D,
  { view, width, nowMs, palette }: PaintOptions,
  height: number,
): void {
  const nowX = xOf(nowMs, view, width);
  context.fillStyle = palette.sunken;
  context.globalAlpha = 0.55;
  if (nowX < width) context.fillRect(Math.max(0, nowX), 0, width - nowX, height);
  context.globalAlpha = 1;
}

function paintRuler(context: CanvasRenderingContext2D, options: PaintOptions, height: number): void {
  const { view, width, nowMs, palette } = options;
  context.font = `12px ${palette.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const { atMs, label } of ticksOf(view, Math.max(2, Math.floor(width / pixelsPerTick)))) {
    const x = Math.round(xOf(atMs, view, width));
    context.fillStyle = palette.line;
    context.fillRect(x, 0, 1, height);
    context.fillStyle = palette.inkSoft;
    if (x > 30 && x < width - 30) context.fillText(label, x, height + rulerHeight / 2 + 1);
  }
  context.fillStyle = palette.ink;
  context.fillRect(Math.round(xOf(nowMs, view, width)) - 1, 0, 2, height);
}

function paintLane(
  frame: LaneFrame,
  { title, items, samples }: AxisLane,
  chosen: AxisItem | undefined,
): void {
  const { context, palette, top, height, width, view } = frame;
  context.save();
  context.beginPath();
  context.rect(0, top, width, height);
  context.clip();
  if (samples) paintBuffer(frame, samples);
  let labelFreeX = -Infinity;
  for (const item of visibleItems(items, view, width)) {
    labelFreeX = paintItem(frame, item, { labelFreeX, isChosen: item === chosen });
  }
  paintTitle(frame, title);
  context.fillStyle = palette.line;
  context.fillRect(0, top + height - 1, width, 1);
  context.restore();
}

function paintTitle({ context, palette, top }: LaneFrame, title: string): void {
  context.font = `600 12px ${palette.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.globalAlpha = 0.86;
  context.fillStyle = palette.ground;
  context.fillRect(6, top + 3, context.measureText(title).width + 8, 16);
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  context.fillText(title, 10, top + 5);
}

function paintBuffer(
  { context, view, width, palette, top, height }: LaneFrame,
  samples: readonly BufferSample[],
): void {
  const baseline = top + height - 3;
  const room = height - 10;
  const seen = samples.filter(({ atMs }) => atMs >= view.startAtMs - 2_000 && atMs <= view.endAtMs + 2_000);
  const first = seen[0];
  const last = seen.at(-1);
  if (!first || !last) return;
  context.beginPath();
  context.moveTo(xOf(first.atMs, view, width), baseline);
  for (const { atMs, aheadSeconds } of seen) {
    context.lineTo(xOf(atMs, view, width), baseline - Math.min(1, aheadSeconds / bufferScaleSeconds) * room);
  }
  context.lineTo(xOf(last.atMs, view, width), baseline);
  context.fillStyle = palette.accent;
  context.globalAlpha = 0.28;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = palette.inkSoft;
  context.font = `12px ${palette.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const x = Math.min(width - 44, xOf(last.atMs, view, width) + 6);
  context.fillText(`${last.aheadSeconds.toFixed(1)} s`, x, top + height / 2);
}

function paintIncidents(
  context: CanvasRenderingContext2D,
  { scene, view, width, palette }: PaintOptions,
  height: number,
): void {
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  for (const { kind, atMs } of scene.incidents) {
    if (atMs < view.startAtMs || atMs > view.endAtMs) continue;
    const x = Math.round(xOf(atMs, view, width)) + 0.5;
    context.strokeStyle = palette.tones[incidentTones[kind]];
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
}
