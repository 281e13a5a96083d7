import type { BroadcastState } from '@gatecast/webcaster';
import { describeReason, labelReason } from '../record/describe-reason.js';
import {
  type BufferSample,
  type Incident,
  type PlaybackState,
  type RequestLane,
  type RequestMark,
  type StateSpan,
  type TimelineRecord,
  type TokenSpan,
  outcomeOf,
} from '@gatecast/qa/internal/record/timeline-record';
import type { AxisItem } from './axis-item.js';
import type { AxisTone } from './axis-palette.js';

export interface AxisLane {
  readonly title: string;
  readonly height: number;
  readonly items: readonly AxisItem[];
  /** Drawn as an area chart. */
  readonly samples?: readonly BufferSample[];
}

export interface AxisScene {
  readonly lanes: readonly AxisLane[];
  readonly incidents: readonly Incident[];
}

export interface SceneOptions {
  /** Streams with a lane. A stream in this list has a lane even before its first token. */
  readonly streams: readonly string[];
  readonly hasBroadcast: boolean;
  /** Omits all lanes but playback and tokens, for a small axis. @defaultValue false */
  readonly isCompact?: boolean;
}

const heights = { state: 40, buffer: 46, tokens: 64, requests: 40 } as const;

const playbackLooks: Readonly<Record<PlaybackState, readonly [label: string, tone: AxisTone]>> = {
  starting: ['Starting', 'idle'],
  playing: ['Playing', 'good'],
  stalled: ['Stalled', 'warn'],
  paused: ['Paused', 'idle'],
  failed: ['Failed', 'bad'],
};

const broadcastLooks: Readonly<Record<BroadcastState, readonly [label: string, tone: AxisTone]>> = {
  idle: ['Idle', 'idle'],
  preview: ['Preview', 'idle'],
  connecting: ['Connecting', 'idle'],
  live: ['Live', 'good'],
  reconnecting: ['Reconnecting', 'warn'],
  failed: ['Failed', 'bad'],
  stopped: ['Stopped', 'idle'],
};

const requestTitles: Readonly<Record<RequestLane, string>> = {
  tokens: 'Token requests',
  ingest: 'Ingest',
  playlists: 'Playlists',
  media: 'Media',
};

const outcomeTones = { ok: 'good', refused: 'bad', failed: 'warn', unanswered: 'idle' } as const;

/** Converts a record to lanes with items. */
export function composeScene(
  record: TimelineRecord,
  { streams, hasBroadcast, isCompact = false }: SceneOptions,
): AxisScene {
  const { requests } = record;
  const requestLanes: readonly RequestLane[] = hasBroadcast
    ? ['tokens', 'ingest', 'playlists', 'media']
    : ['tokens', 'playlists', 'media'];
  return {
    incidents: record.incidents,
    lanes: [
      {
        title: 'Playback and rendition',
        height: heights.state,
        items: [
          ...spanItems(record.playback, playbackLooks),
          ...record.renditions.map(({ atMs, label }): AxisItem => ({
            shape: 'flag',
            fromMs: atMs,
            toMs: atMs,
            tone: 'idle',
            label,
            details: `Rendition ${label}`,
          })),
        ],
      },
      ...(isCompact ? [] : [{ title: 'Buffer', height: heights.buffer, items: [], samples: record.buffer }]),
      ...(hasBroadcast
        ? [{ title: 'Broadcast', height: heights.state, items: spanItems(record.broadcast, broadcastLooks) }]
        : []),
      ...streams.map((stream) => ({
        title: `Token · ${stream}`,
        height: heights.tokens,
        items: tokenItems(record, stream),
      })),
      ...(isCompact ? [] : requestLanes).map((lane) => ({
        title: requestTitles[lane],
        height: heights.requests,
        items: requests.filter((mark) => mark.lane === lane).map(requestItem),
      })),
    ],
  };
}

export function heightOf({ lanes }: AxisScene): number {
  return lanes.reduce((sum, { height }) => sum + height, 0);
}

function spanItems<State extends string>(
  spans: readonly StateSpan<State>[],
  looks: Readonly<Record<State, readonly [string, AxisTone]>>,
): AxisItem[] {
  return spans.map(({ state, startAtMs, endAtMs }) => {
    const [label, tone] = looks[state];
    const lasted = endAtMs === null ? 'until now' : `for ${inSeconds(endAtMs - startAtMs)}`;
    return {
      shape: 'bar',
      fromMs: startAtMs,
      toMs: endAtMs ?? Infinity,
      tone,
      label,
      details: `${label} ${lasted}`,
    };
  });
}

function tokenItems({ tokens, tokenFailures }: TimelineRecord, stream: string): AxisItem[] {
  const failures = tokenFailures
    .filter((failure) => failure.stream === stream)
    .map(({ atMs, message }): AxisItem => ({
      shape: 'diamond',
      fromMs: atMs,
      toMs: atMs,
      tone: 'bad',
      label: '',
      details: `Token request failed: ${message}`,
    }));
  return [...tokens.filter((token) => token.stream === stream).map(tokenItem), ...failures];
}

function tokenItem(token: TokenSpan): AxisItem {
  const { reason, startAtMs, expiresAtMs, replacedAtMs, isRefused, ordinal } = token;
  const toMs = expiresAtMs ?? replacedAtMs ?? Infinity;
  const life = expiresAtMs === null ? 'expiry unknown' : `lifetime ${inSeconds(expiresAtMs - startAtMs)}`;
  const use = replacedAtMs === null ? 'in use' : `used for ${inSeconds(replacedAtMs - startAtMs)}`;
  return {
    shape: 'bar',
    fromMs: startAtMs,
    toMs,
    tone: reason,
    label: labelReason(reason),
    details: `Token ${ordinal + 1}: ${describeReason(reason)}, ${life}, ${use}${isRefused ? ', then refused' : ''}`,
    usedToMs: Math.min(toMs, replacedAtMs ?? Infinity),
    isUpper: ordinal % 2 === 0,
  };
}

function requestItem({ atMs, status, text }: RequestMark): AxisItem {
  const outcome = outcomeOf(status);
  return {
    shape: 'tick',
    fromMs: atMs,
    toMs: atMs,
    tone: outcomeTones[outcome],
    label: outcome === 'ok' ? '' : status === 0 ? '—' : String(status),
    details: text,
  };
}

function inSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
