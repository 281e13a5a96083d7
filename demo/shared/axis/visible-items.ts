import type { AxisItem } from './axis-item.js';
import { type AxisView, xOf } from './axis-view.js';

/** Ticks of successful requests that are closer than this cannot be told apart. */
const apartPx = 3;

/** Returns the visible items of a lane. Drops successful requests too close to the previous one, but no errors. */
export function visibleItems(items: readonly AxisItem[], view: AxisView, width: number): AxisItem[] {
  let lastX = -Infinity;
  return items.filter(({ shape, label, fromMs, toMs }) => {
    if (toMs < view.startAtMs || fromMs > view.endAtMs) return false;
    if (shape !== 'tick' || label !== '') return true;
    const x = xOf(fromMs, view, width);
    if (Math.abs(x - lastX) < apartPx) return false;
    lastX = x;
    return true;
  });
}
