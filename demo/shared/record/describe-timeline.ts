import { type TimelineRecord, outcomeOf } from '@gatecast/qa/internal/record/timeline-record';

/** Describes a timeline in words, for screen readers. */
export function describeTimeline(record: TimelineRecord, nowMs: number): string {
  const { tokens, playback, requests, tokenFailures } = record;
  const ends = tokens
    .filter(({ replacedAtMs, expiresAtMs }) => replacedAtMs === null && expiresAtMs !== null)
    .map(({ stream, expiresAtMs }) => `${stream} in ${inTens((expiresAtMs ?? 0) - nowMs)} seconds`);
  const count = (state: string): number => playback.filter((span) => span.state === state).length;
  const refused = requests.filter(({ status }) => outcomeOf(status) === 'refused').length;
  return [
    `Timeline: playback is ${playback.at(-1)?.state ?? 'not started'}`,
    `${amount(tokens.length, 'token')} fetched, ${amount(tokenFailures.length, 'token request')} failed`,
    ends.length > 0 ? `tokens expire: ${ends.join(', ')}` : 'no token in use',
    amount(count('stalled'), 'stall'),
    `${amount(refused, 'request')} refused`,
  ].join('; ');
}

const amount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Rounds up to tens of seconds, so that the text does not change every second. */
function inTens(durationMs: number): number {
  return Math.max(0, Math.ceil(durationMs / 10_000) * 10);
}
