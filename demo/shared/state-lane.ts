import type { BroadcastState } from '@gatecast/webcaster';
import { type TemplateResult, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { type LaneView, percentAt, percentOf, spanMs } from './time-window.js';
import type { PlaybackState, StateSpan, TimelineRecord } from './record/timeline-record.js';

type Tone = 'good' | 'idle' | 'warn' | 'bad';

interface Look {
  readonly word: string;
  readonly tone: Tone;
}

const playbackLooks: Readonly<Record<PlaybackState, Look>> = {
  starting: { word: 'Starting', tone: 'idle' },
  playing: { word: 'Playing', tone: 'good' },
  stalled: { word: 'Stalled', tone: 'warn' },
  paused: { word: 'Paused', tone: 'idle' },
  failed: { word: 'Failed', tone: 'bad' },
};

const broadcastLooks: Readonly<Record<BroadcastState, Look>> = {
  idle: { word: 'Idle', tone: 'idle' },
  preview: { word: 'Preview', tone: 'idle' },
  connecting: { word: 'Connecting', tone: 'idle' },
  live: { word: 'Live', tone: 'good' },
  reconnecting: { word: 'Reconnecting', tone: 'warn' },
  failed: { word: 'Failed', tone: 'bad' },
  stopped: { word: 'Stopped', tone: 'idle' },
};

/** What the picture did, and from when on which rendition was shown. */
export function renderPlaybackLane({ playback, renditions }: TimelineRecord, view: LaneView): TemplateResult {
  return html`<div class="row state">
    ${renderSpans(playback, playbackLooks, view)} ${renderFlags(renditions, view)}
  </div>`;
}

/** What the broadcast did. */
export function renderBroadcastLane({ broadcast }: TimelineRecord, view: LaneView): TemplateResult {
  const flags = broadcast
    .filter(({ state }) => state !== 'idle')
    .map(({ state, startAtMs }) => ({ label: broadcastLooks[state].word, atMs: startAtMs }));
  return html`<div class="row state">
    ${renderSpans(broadcast, broadcastLooks, view)} ${renderFlags(flags, view)}
  </div>`;
}

interface Flag {
  readonly atMs: number;
  readonly label: string;
}

/** Flags that do not cover each other: of two that would, the newer stays. */
export function spreadFlags(flags: readonly Flag[], apartMs: number): Flag[] {
  let nextAtMs = Infinity;
  return flags
    .toReversed()
    .filter(({ atMs }) => {
      if (nextAtMs - atMs < apartMs) return false;
      nextAtMs = atMs;
      return true;
    })
    .toReversed();
}

function renderSpans<State extends string>(
  spans: readonly StateSpan<State>[],
  looks: Readonly<Record<State, Look>>,
  view: LaneView,
): unknown {
  const { epochMs, nowMs, window } = view;
  return repeat(
    spans.filter(({ endAtMs }) => (endAtMs ?? Infinity) > oldestMs(view)),
    ({ startAtMs }) => startAtMs,
    ({ state, startAtMs, endAtMs }) =>
      html`<div
        class="span ${looks[state].tone}"
        title=${looks[state].word}
        style=${styleMap({
          left: `${percentAt(startAtMs, epochMs, window)}%`,
          // What goes on is drawn far ahead, and the future is covered: so nothing grows with each frame.
          width: `${percentOf((endAtMs ?? nowMs + window.futureMs * 3) - startAtMs, window)}%`,
        })}
      ></div>`,
  );
}

function renderFlags(flags: readonly Flag[], view: LaneView): unknown {
  const { epochMs, window } = view;
  const inView = flags.filter(({ atMs }) => atMs > oldestMs(view));
  return repeat(
    spreadFlags(inView, spanMs(window) / 10),
    ({ atMs }) => atMs,
    ({ atMs, label }) =>
      html`<span class="flag" style=${styleMap({ left: `${percentAt(atMs, epochMs, window)}%` })}
        >${label}</span
      >`,
  );
}

function oldestMs({ nowMs, window }: LaneView): number {
  return nowMs - window.pastMs * 1.2;
}
