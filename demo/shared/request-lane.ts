import { type TemplateResult, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { type LaneView, percentAt, spanMs } from './time-window.js';
import { type RequestLane, type RequestMark, outcomeOf } from './record/timeline-record.js';

/** A server answers this demo in milliseconds; what takes longer is not drawn as unanswered at once. */
const graceMs = 1_500;
/** Good answers drawn across a whole window: a low-latency stream asks ten times a second. */
const mostTicks = 300;

/** Requests of one kind as ticks; what went wrong is taller, another shape, and says its status. */
export function renderRequestLane(
  requests: readonly RequestMark[],
  lane: RequestLane,
  { epochMs, nowMs, window }: LaneView,
): TemplateResult {
  const oldestMs = nowMs - window.pastMs * 1.2;
  const inView = requests.filter(
    (mark) =>
      mark.lane === lane && mark.atMs > oldestMs && (mark.status !== 0 || mark.atMs < nowMs - graceMs),
  );
  const marks = thinOut(inView, spanMs(window) / mostTicks);
  const labelled = chooseLabelled(marks, spanMs(window) / 24);
  return html`<div class="row requests">
    ${repeat(
      marks,
      ({ key }) => key,
      (mark) =>
        html`<span
          class="tick ${outcomeOf(mark.status)}"
          title=${mark.text}
          style=${styleMap({ left: `${percentAt(mark.atMs, epochMs, window)}%` })}
          >${labelled.has(mark) ? html`<b>${mark.status === 0 ? '—' : mark.status}</b>` : nothing}</span
        >`,
    )}
  </div>`;
}

/** Leaves out good answers that no eye could tell from the one before; what went wrong always stays. */
export function thinOut(marks: readonly RequestMark[], apartMs: number): RequestMark[] {
  let lastAtMs = -Infinity;
  return [...marks]
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ atMs, status }) => {
      if (outcomeOf(status) !== 'ok') return true;
      if (atMs - lastAtMs < apartMs) return false;
      lastAtMs = atMs;
      return true;
    });
}

/** Which marks may say their status without one label covering the next. */
export function chooseLabelled(marks: readonly RequestMark[], apartMs: number): ReadonlySet<RequestMark> {
  const labelled = new Set<RequestMark>();
  let lastAtMs = -Infinity;
  for (const mark of [...marks].sort((a, b) => a.atMs - b.atMs)) {
    if (outcomeOf(mark.status) === 'ok' || mark.atMs - lastAtMs < apartMs) continue;
    labelled.add(mark);
    lastAtMs = mark.atMs;
  }
  return labelled;
}
