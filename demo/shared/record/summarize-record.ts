import {
  type PlaybackState,
  type TimelineRecord,
  outcomeOf,
} from '@gatecast/qa/internal/record/timeline-record';

export interface RecordSummary {
  readonly state: PlaybackState;
  readonly stateWord: string;
  readonly since: string;
  readonly tokenEnd: string;
  readonly renewalCount: number;
  readonly stallCount: number;
  readonly stalls: string;
  readonly refusedCount: number;
  readonly refused: string;
  readonly failures: number;
}

const stateWords: Readonly<Record<PlaybackState, string>> = {
  starting: 'Starting',
  playing: 'Playing',
  stalled: 'Stalled',
  paused: 'Paused',
  failed: 'Stopped with an error',
};

/** Returns the figures of a record as text. */
export function summarizeRecord(record: TimelineRecord, nowMs: number): RecordSummary {
  const { playback, tokens, tokenFailures, requests } = record;
  const current = playback.at(-1);
  const state = current?.state ?? 'starting';
  const stalled = playback.filter((span) => span.state === 'stalled');
  const stalledMs = stalled.reduce((sum, span) => sum + (span.endAtMs ?? nowMs) - span.startAtMs, 0);
  const refusedCount = requests.filter(({ status }) => outcomeOf(status) === 'refused').length;
  const renewalCount = tokens.filter(({ reason }) => reason !== 'initial').length;
  return {
    state,
    stateWord: stateWords[state],
    since: current ? `for ${formatDuration(nowMs - current.startAtMs)}` : 'waiting for the first frame',
    tokenEnd: describeTokenEnd(record, nowMs),
    renewalCount,
    stallCount: stalled.length,
    stalls: stalled.length === 0 ? 'none' : `${stalled.length} (${(stalledMs / 1000).toFixed(1)} s)`,
    refusedCount,
    refused: refusedCount === 0 ? 'none' : String(refusedCount),
    failures: tokenFailures.length,
  };
}

/** Describes the earliest expiry of the tokens in use. Ignores expired tokens of streams that are no longer played. */
function describeTokenEnd({ tokens }: TimelineRecord, nowMs: number): string {
  const inUse = tokens.filter(({ replacedAtMs }) => replacedAtMs === null);
  if (inUse.length === 0) return 'no token';
  const alive = inUse.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs);
  if (alive.length === 0) return 'expired';
  const ends = alive.map(({ expiresAtMs }) => expiresAtMs).filter((endAtMs) => endAtMs !== null);
  return ends.length === 0 ? 'unknown' : formatDuration(Math.min(...ends) - nowMs);
}

/** Formats a duration, for example as `0:07`, `12:40` or `3:05:00`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
