import { type TimelineRecord, outcomeOf } from './timeline-record.js';

/** A timeline in words, for those who do not see it. */
export function describeTimeline(record: TimelineRecord, nowMs: number): string {
  const { tokens, playback, requests, tokenFailures } = record;
  const ends = tokens
    .filter(({ replacedAtMs, expiresAtMs }) => replacedAtMs === null && expiresAtMs !== null)
    .map(({ stream, expiresAtMs }) => `${stream} in ${inTens((expiresAtMs ?? 0) - nowMs)} seconds`);
  const count = (state: string): number => playback.filter((span) => span.state === state).length;
  const refused = requests.filter(({ status }) => outcomeOf(status) === 'refused').length;
  return [
    `Timeline: playback is ${playback.at(-1)?.state ?? 'not started'}`,
    `${tokens.length} tokens fetched, ${tokenFailures.length} token requests failed`,
    ends.length > 0 ? `tokens end: ${ends.join(', ')}` : 'no token in use',
    `${count('stalled')} stalls`,
    `${refused} requests refused`,
  ].join('; ');
}

/** Rounded, so that the text does not change with every second. */
function inTens(durationMs: number): number {
  return Math.max(0, Math.ceil(durationMs / 10_000) * 10);
}
