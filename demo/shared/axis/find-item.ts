import type { AxisItem } from './axis-item.js';
import type { AxisScene } from './axis-scene.js';
import { type AxisView, xOf } from './axis-view.js';

export interface FoundItem {
  readonly lane: string;
  readonly item: AxisItem;
}

/** Tolerance around an item: a line of three pixels is hard to hit with a mouse or a finger. */
const reachPx = 7;

/** Finds the item at a position. If there are several, returns the narrowest, for example a tick on a bar. */
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

/** Returns the item before or after `current` in time; the last item without a current one. */
export function nextItem(
  { lanes }: AxisScene,
  current: AxisItem | undefined,
  direction: 1 | -1,
): FoundItem | undefined {
  const found = lanes
    .flatMap(({ title, items }) => items.map((item) => ({ lane: title, item })))
    .sort((a, b) => a.item.fromMs - b.item.fromMs);
  // Each scene creates new item objects, so compare by value.
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
    // If two tokens overlap, take the one in the row under the pointer.
    if (item.isUpper !== undefined && item.isUpper !== y < height * 0.62) continue;
    const size = item.shape === 'bar' ? to - from : Math.abs(x - from);
    if (size < bestSize) [best, bestSize] = [item, size];
  }
  return best;
}
