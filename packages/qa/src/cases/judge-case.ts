import type { BroadcastState } from '@gatecast/webcaster';
import type { PlaybackState, SeenError, StateSpan } from '../record/timeline-record.js';
import type { ErrorCount, Verdict } from './case-result.js';
import type { QaCase } from './qa-case.js';

/** Observation of a case, by the page's clock. */
export interface CaseObservation {
  readonly faultAtMs: number;
  readonly clearedAtMs: number;
  readonly endedAtMs: number;
  readonly playback: readonly StateSpan<PlaybackState>[];
  readonly broadcast: readonly StateSpan<BroadcastState>[];
  readonly errors: readonly SeenError[];
  /** Times at which tokens arrived. */
  readonly renewedAtMs: readonly number[];
  /** Did the page know the end of a token? It does not if the CDN renews the token in a cookie. */
  readonly hasEnd: boolean;
}

interface Stretch {
  readonly isGood: boolean;
  readonly isStill: boolean;
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** Decides from the observation whether a case passed. */
export function judgeCase(qaCase: QaCase, seen: CaseObservation): Verdict {
  const { expected } = qaCase;
  const stretches = stretchesOf(qaCase, seen);
  const stalls = stretches.filter(({ isStill }) => isStill);
  const stalledMs = stalls.reduce((sum, { startAtMs, endAtMs }) => sum + endAtMs - startAtMs, 0);
  const recoveredAfterMs = recoveryOf(stretches, seen.clearedAtMs);
  const renewalCount = seen.renewedAtMs.filter((atMs) => isDuring(atMs, seen)).length;
  const errors = countErrors(seen.errors.filter(({ atMs }) => isDuring(atMs, seen)));
  const needsNone = expected.renewsBeforeEnd && !seen.hasEnd;
  const leastRenewals = needsNone ? 0 : (expected.leastRenewals ?? 0);
  const complaints = [
    ...(recoveredAfterMs === null ? ['did not recover'] : []),
    ...(stalledMs > expected.mostStallMs
      ? [`interrupted for ${stalledMs} ms, limit ${expected.mostStallMs} ms`]
      : []),
    ...complaintsOfStop(expected.stops, stretches, seen),
    ...errors
      .filter(({ isFatal, code }) => isFatal && code !== expected.stops?.code)
      .map(({ code }) => `fatal error: ${code}`),
    ...(renewalCount < leastRenewals
      ? [`${renewalCount} tokens fetched, expected at least ${leastRenewals}`]
      : []),
  ];
  return {
    outcome: complaints.length === 0 ? 'passed' : 'failed',
    stallCount: stalls.length,
    stalledMs,
    recoveredAfterMs,
    renewalCount,
    errors,
    complaints,
  };
}

/** Describes a verdict in one line of text. */
export function describeVerdict({
  stallCount,
  stalledMs,
  recoveredAfterMs,
  errors,
  complaints,
}: Verdict): string {
  const stalled =
    stallCount === 0 ? 'no interruption' : `interrupted ${stallCount}×, ${inSeconds(stalledMs)} in total`;
  const seen = errors.map(({ code, count }) => (count === 1 ? code : `${code} ×${count}`)).join(', ');
  const recovered =
    recoveredAfterMs === null
      ? 'did not recover'
      : recoveredAfterMs === 0
        ? 'normal when the fault ended'
        : `recovered ${inSeconds(recoveredAfterMs)} after the fault`;
  const parts = [stalled, recovered, seen === '' ? 'no errors' : `errors: ${seen}`];
  return [...parts, ...(complaints.length > 0 ? [`failed: ${complaints.join('; ')}`] : [])].join(' · ');
}

function stretchesOf({ subject }: QaCase, seen: CaseObservation): Stretch[] {
  const clip = ({ startAtMs, endAtMs }: StateSpan<string>): Pick<Stretch, 'startAtMs' | 'endAtMs'> => ({
    startAtMs: Math.max(startAtMs, seen.faultAtMs),
    endAtMs: Math.min(endAtMs ?? seen.endedAtMs, seen.endedAtMs),
  });
  const all: Stretch[] =
    subject === 'player'
      ? seen.playback.map((span) => ({
          ...clip(span),
          isGood: span.state === 'playing',
          // A restart interrupts playback as well.
          isStill: span.state === 'stalled' || span.state === 'starting',
        }))
      : seen.broadcast.map((span) => ({
          ...clip(span),
          isGood: span.state === 'live',
          isStill: span.state === 'reconnecting' || span.state === 'connecting',
        }));
  return all.filter(({ startAtMs, endAtMs }) => endAtMs > startAtMs);
}

function recoveryOf(stretches: readonly Stretch[], clearedAtMs: number): number | null {
  const last = stretches.at(-1);
  return last?.isGood ? Math.max(0, last.startAtMs - clearedAtMs) : null;
}

/** Has playback stopped in time, for the expected reason? */
function complaintsOfStop(
  stops: QaCase['expected']['stops'],
  stretches: readonly Stretch[],
  { faultAtMs, clearedAtMs, errors }: CaseObservation,
): string[] {
  if (!stops) return [];
  const { code, withinMs } = stops;
  const stoppedAtMs = stretches.find(
    ({ isGood, startAtMs }) => !isGood && startAtMs < clearedAtMs,
  )?.startAtMs;
  if (stoppedAtMs === undefined) return ['did not stop'];
  const playedMs = stoppedAtMs - faultAtMs;
  return [
    ...(playedMs > withinMs ? [`played on for ${playedMs} ms, limit ${withinMs} ms`] : []),
    ...(errors.some((error) => error.isFatal && error.code === code) ? [] : [`no error: ${code}`]),
  ];
}

function isDuring(atMs: number, { faultAtMs, endedAtMs }: CaseObservation): boolean {
  return atMs >= faultAtMs && atMs <= endedAtMs;
}

function countErrors(errors: readonly SeenError[]): ErrorCount[] {
  const codes = [...new Set(errors.map(({ code }) => code))];
  return codes.map((code) => {
    const same = errors.filter((error) => error.code === code);
    return { code, count: same.length, isFatal: same.some(({ isFatal }) => isFatal) };
  });
}

function inSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
