import type { AxisItem } from './axis-item.js';
import type { AxisScene } from './axis-scene.js';
import { type AxisView, xOf } from './axis-view.js';

export interface FoundItem {
  readonly lane: string;
  readonly item: AxisItem;
}

/** A line of three pixels is hard to hit with a finger or a mouse. */
const reachPx = 7;

/** The item at a place. Of several, the narrowest: a tick lies on top of a bar. */
export function findItem(
  { lanes }: AxisScene,
  view: AxisView,
  place: { readonly x: number; readonly y: number; readonly width: number },
): FoundItem | null {
  let top = 0;
  for (const { title, height, items } of lanes) {
    if (place.y >= top && place.y < top + height) {
      const hit = nearest(items, view, { ...place, y: place.y - top, height });
      return hit && { lane: title, item: hit };
    }
    top += height;
  }
  return null;
}

/** The mark before or after another one in time; the last mark when there is no other one yet. */
export function nextItem(
  { lanes }: AxisScene,
  current: AxisItem | undefined,
  direction: 1 | -1,
): FoundItem | undefined {
  const found = lanes
    .flatMap(({ title, items }) => items.map((item) => ({ lane: title, item })))
    .sort((a, b) => a.item.fromMs - b.item.fromMs);
  // Each scene has new items, so identity does not help.
  const at = found.findIndex(
    ({ item }) => item.fromMs === current?.fromMs && item.details === current.details,
  );
  return at < 0 ? found.at(-1) : found[at + direction];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function nearest(
  items: readonly AxisItem[],
  view: AxisView,
  { x, y, width, height }: Place,
): AxisItem | null {
  let best: AxisItem | null = null;
  let bestSize = Infinity;
  for (const item of items) {
    const [from, to] = [xOf(item.fromMs, view, width), xOf(item.toMs, view, width)];
    if (x < from - reachPx || x > to + reachPx) continue;
    // Of two tokens that overlap, the one on the row that is pointed at.
    if (item.isUpper !== undefined && item.isUpper !== y < height * 0.62) continue;
    const size = item.shape === 'bar' ? to - from : Math.abs(x - from);
    if (size < bestSize) [best, bestSize] = [item, size];
  }
  return best;
}
