import { type TemplateResult, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { type LaneView, percentAt, percentOf } from './time-window.js';
import type { PlaybackState, TimelineRecord } from './timeline-record.js';

const words: Readonly<Record<PlaybackState, string>> = {
  starting: 'Starting',
  playing: 'Playing',
  stalled: 'Stalled',
  paused: 'Paused',
  failed: 'Failed',
};

/** What the picture did, and from when on which rendition was shown. */
export function renderPlaybackLane(
  record: TimelineRecord,
  { epochMs, nowMs, window }: LaneView,
): TemplateResult {
  const oldestMs = nowMs - window.pastMs * 1.2;
  return html`<div class="row playback">
    ${repeat(
      record.playback.filter(({ endAtMs }) => (endAtMs ?? Infinity) > oldestMs),
      ({ startAtMs }) => startAtMs,
      ({ state, startAtMs, endAtMs }) =>
        html`<div
          class="span ${state}"
          title=${words[state]}
          style=${styleMap({
            left: `${percentAt(startAtMs, epochMs, window)}%`,
            // What goes on is drawn far ahead, and the future is covered: so nothing grows with each frame.
            width: `${percentOf((endAtMs ?? nowMs + window.futureMs * 3) - startAtMs, window)}%`,
          })}
        ></div>`,
    )}
    ${repeat(
      record.renditions.filter(({ atMs }) => atMs > oldestMs),
      ({ atMs }) => atMs,
      ({ atMs, label }) =>
        html`<span class="rendition" style=${styleMap({ left: `${percentAt(atMs, epochMs, window)}%` })}
          >${label}</span
        >`,
    )}
  </div>`;
}
