/** The visible time range. */
export interface AxisView {
  readonly startAtMs: number;
  readonly endAtMs: number;
}

export interface AxisTick {
  readonly atMs: number;
  readonly label: string;
}

export const leastSpanMs = 2_000;
export const mostSpanMs = 20 * 60_000;
/** Fraction of a live view that shows the future, so that the expiry of tokens is visible. */
const futureShare = 0.22;
/** Tick distances that are easy to read. */
const stepsMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000];

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function spanOf({ startAtMs, endAtMs }: AxisView): number {
  return endAtMs - startAtMs;
}

/** Returns a view with the current time at a fixed position. */
export function liveView(nowMs: number, spanMs: number): AxisView {
  const endAtMs = nowMs + spanMs * futureShare;
  return { startAtMs: endAtMs - spanMs, endAtMs };
}

/** Zooms a view. The time `aroundMs` keeps its position. */
export function zoomView(view: AxisView, factor: number, aroundMs: number): AxisView {
  const spanMs = clampSpan(spanOf(view) * factor);
  const share = (aroundMs - view.startAtMs) / spanOf(view);
  const startAtMs = aroundMs - spanMs * share;
  return { startAtMs, endAtMs: startAtMs + spanMs };
}

export function panView({ startAtMs, endAtMs }: AxisView, byMs: number): AxisView {
  return { startAtMs: startAtMs + byMs, endAtMs: endAtMs + byMs };
}

/** Returns the same view if it contains the time; otherwise a view of the same duration with the time in its middle. */
export function bringIntoView(view: AxisView, atMs: number): AxisView {
  if (atMs >= view.startAtMs && atMs <= view.endAtMs) return view;
  const spanMs = spanOf(view);
  return { startAtMs: atMs - spanMs / 2, endAtMs: atMs + spanMs / 2 };
}

export function clampSpan(spanMs: number): number {
  return Math.min(mostSpanMs, Math.max(leastSpanMs, spanMs));
}

export function xOf(atMs: number, view: AxisView, width: number): number {
  return ((atMs - view.startAtMs) / spanOf(view)) * width;
}

export function timeAt(x: number, view: AxisView, width: number): number {
  return view.startAtMs + (x / width) * spanOf(view);
}

/** Returns at most `most` ticks at round times of day. */
export function ticksOf(view: AxisView, most: number): AxisTick[] {
  const stepMs = stepsMs.find((step) => spanOf(view) / step <= most) ?? Math.ceil(spanOf(view) / most);
  const first = Math.ceil(view.startAtMs / stepMs);
  const last = Math.floor(view.endAtMs / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const atMs = (first + index) * stepMs;
    return { atMs, label: formatInstant(atMs, stepMs < 1000) };
  });
}

/** Formats a local time as `14:03:09`, or as `14:03:09.4` with tenths. */
export function formatInstant(atMs: number, hasTenths = false): string {
  const text = clock.format(atMs);
  return hasTenths ? `${text}.${Math.floor((((atMs % 1000) + 1000) % 1000) / 100)}` : text;
}
