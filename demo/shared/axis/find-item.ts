import type { AxisItem } from './axis-item.js';
import type { AxisScene } from './axis-scene.js';
import { type AxisView, xOf } from './axis-view.js';

export interface FoundItem {
  readonly lane: string;
  readonly item: AxisItem;
}

/** A finger or a pointer does not hit a line of three pixels. */
const reachPx = 7;

/** What is drawn at a place; of several the narrowest, since a tick lies on top of a bar. */
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

/** All marks in the order of time, for those who go through them by keys. */
export function itemsInOrder({ lanes }: AxisScene): FoundItem[] {
  return lanes
    .flatMap(({ title, items }) => items.map((item) => ({ lane: title, item })))
    .sort((a, b) => a.item.fromMs - b.item.fromMs);
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
