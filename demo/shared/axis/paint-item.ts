import { xOf } from './axis-view.js';
import type { AxisItem, LaneFrame } from './axis-item.js';

export interface ItemOptions {
  /** Position after the previous label, where the next label can begin. */
  readonly labelFreeX: number;
  readonly isChosen: boolean;
}

/** Draws an item. Returns the position where the next label can begin. */
export function paintItem(frame: LaneFrame, item: AxisItem, options: ItemOptions): number {
  if (item.shape === 'bar')
    return item.usedToMs === undefined ? paintState(frame, item, options) : paintToken(frame, item, options);
  if (item.shape === 'tick') return paintTick(frame, item, options);
  if (item.shape === 'flag') return paintFlag(frame, item, options);
  paintDiamond(frame, item, options);
  return options.labelFreeX;
}

function paintState(
  { context, view, width, nowMs, palette, top, height }: LaneFrame,
  item: AxisItem,
  { labelFreeX, isChosen }: ItemOptions,
): number {
  const from = Math.max(-2, xOf(item.fromMs, view, width));
  const to = Math.min(width + 2, xOf(Math.min(item.toMs, nowMs), view, width));
  const isTrouble = item.tone === 'warn' || item.tone === 'bad';
  const thickness = isTrouble ? 16 : 9;
  context.globalAlpha = item.tone === 'idle' ? 0.55 : 1;
  context.fillStyle = palette.tones[item.tone];
  context.fillRect(from, top + height - 5 - thickness, Math.max(1, to - from), thickness);
  context.globalAlpha = 1;
  if (isChosen) frameRect({ context, palette }, [from, top + height - 5 - thickness, to - from, thickness]);
  return labelFreeX;
}

function paintToken(
  { context, view, width, palette, top, height }: LaneFrame,
  item: AxisItem,
  { labelFreeX, isChosen }: ItemOptions,
): number {
  const from = xOf(item.fromMs, view, width);
  const to = Math.min(width + 4, xOf(item.toMs, view, width));
  const used = Math.min(to, xOf(item.usedToMs ?? item.toMs, view, width));
  const colour = palette.tones[item.tone];
  const y = top + height - (item.isUpper ? 44 : 23);
  context.fillStyle = palette.ground;
  context.fillRect(from, y, to - from, 18);
  context.fillStyle = colour;
  context.globalAlpha = 0.26;
  context.fillRect(from, y, used - from, 18);
  context.globalAlpha = 0.09;
  context.fillRect(used, y, to - used, 18);
  context.globalAlpha = 1;
  context.fillRect(from, y, 4, 18);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, y + 0.5, Math.max(1, to - from - 1), 17);
  if (isChosen) frameRect({ context, palette }, [from, y, to - from, 18]);
  context.font = `12px ${palette.font}`;
  const labelX = Math.max(from, 0) + 8;
  if (used - labelX > context.measureText(item.label).width + 4) {
    context.fillStyle = palette.ink;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(item.label, labelX, y + 10);
  }
  return labelFreeX;
}

function paintTick(
  { context, view, width, palette, top, height }: LaneFrame,
  item: AxisItem,
  { labelFreeX, isChosen }: ItemOptions,
): number {
  const x = Math.round(xOf(item.fromMs, view, width));
  const isTrouble = item.label !== '';
  const [thickness, length] = isTrouble ? [5, 16] : [3, 10];
  const y = top + height - 5 - length;
  context.fillStyle = palette.tones[item.tone];
  context.fillRect(x - thickness / 2, y, thickness, length);
  if (isChosen) frameRect({ context, palette }, [x - thickness / 2, y, thickness, length]);
  if (!isTrouble || x < labelFreeX) return labelFreeX;
  context.font = `600 12px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillStyle = palette.ink;
  context.fillText(item.label, x, y - 1);
  return x + context.measureText(item.label).width + 6;
}

function paintFlag(
  { context, view, width, palette, top, height }: LaneFrame,
  item: AxisItem,
  { labelFreeX, isChosen }: ItemOptions,
): number {
  const x = Math.round(xOf(item.fromMs, view, width));
  const y = top + height - 32;
  context.fillStyle = palette.tones[item.tone];
  context.fillRect(x, y, 2, 15);
  if (isChosen) frameRect({ context, palette }, [x, y, 2, 15]);
  if (x < labelFreeX) return labelFreeX;
  context.font = `12px ${palette.font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = palette.ink;
  context.fillText(item.label, x + 6, y + 8);
  return x + context.measureText(item.label).width + 14;
}

function paintDiamond(
  { context, view, width, palette, top }: LaneFrame,
  item: AxisItem,
  { isChosen }: ItemOptions,
): void {
  const x = xOf(item.fromMs, view, width);
  const y = top + 12;
  context.fillStyle = palette.tones[item.tone];
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x + 6, y);
  context.lineTo(x, y + 6);
  context.lineTo(x - 6, y);
  context.fill();
  if (isChosen) frameRect({ context, palette }, [x - 6, y - 6, 12, 12]);
}

type Rectangle = readonly [x: number, y: number, width: number, height: number];

function frameRect(
  { context, palette }: Pick<LaneFrame, 'context' | 'palette'>,
  [x, y, width, height]: Rectangle,
): void {
  context.strokeStyle = palette.ink;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}
