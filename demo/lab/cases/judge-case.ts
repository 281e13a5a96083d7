import type { BroadcastState } from '@gatecast/webcaster';
import type { PlaybackState, SeenError, StateSpan } from '../../shared/record/timeline-record.js';
import type { QaCase } from './qa-case.js';

/** What was seen while a case ran, by the page's clock. */
export interface CaseObservation {
  readonly brokenAtMs: number;
  readonly mendedAtMs: number;
  readonly endedAtMs: number;
  readonly playback: readonly StateSpan<PlaybackState>[];
  readonly broadcast: readonly StateSpan<BroadcastState>[];
  readonly errors: readonly SeenError[];
  /** When tokens arrived. */
  readonly renewedAtMs: readonly number[];
}

/** How a case ended. */
export interface Verdict {
  readonly outcome: 'passed' | 'failed';
  readonly stallCount: number;
  readonly stalledMs: number;
  /** From the end of the fault to the last return to normal; 0 when it never left it, `null` when it did not return. */
  readonly recoveredAfterMs: number | null;
  readonly renewalCount: number;
  readonly errors: readonly ErrorCount[];
  /** What was expected and did not come. */
  readonly complaints: readonly string[];
}

/** How often an error was seen. */
export interface ErrorCount {
  readonly code: string;
  readonly count: number;
  readonly isFatal: boolean;
}

interface Stretch {
  readonly isGood: boolean;
  readonly isStill: boolean;
  readonly startAtMs: number;
  readonly endAtMs: number;
}

/** Says from what was seen whether a case went as it has to. */
export function judgeCase(qaCase: QaCase, seen: CaseObservation): Verdict {
  const { expected } = qaCase;
  const stretches = stretchesOf(qaCase, seen);
  const stalls = stretches.filter(({ isStill }) => isStill);
  const stalledMs = stalls.reduce((sum, { startAtMs, endAtMs }) => sum + endAtMs - startAtMs, 0);
  const recoveredAfterMs = recoveryOf(stretches, seen.mendedAtMs);
  const renewalCount = seen.renewedAtMs.filter((atMs) => isDuring(atMs, seen)).length;
  const errors = countErrors(seen.errors.filter(({ atMs }) => isDuring(atMs, seen)));
  const leastRenewals = expected.leastRenewals ?? 0;
  const complaints = [
    ...(recoveredAfterMs === null ? ['it did not go on'] : []),
    ...(stalledMs > expected.mostStallMs
      ? [`stood for ${stalledMs} ms, at most ${expected.mostStallMs} ms are allowed`]
      : []),
    ...errors.filter(({ isFatal }) => isFatal).map(({ code }) => `gave up: ${code}`),
    ...(renewalCount < leastRenewals
      ? [`${renewalCount} tokens fetched, at least ${leastRenewals} due`]
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

/** A verdict as a sentence. */
export function describeVerdict({
  stallCount,
  stalledMs,
  recoveredAfterMs,
  errors,
  complaints,
}: Verdict): string {
  const stalled = stallCount === 0 ? 'no stall' : `stood ${stallCount}×, ${inSeconds(stalledMs)} in all`;
  const seen = errors.map(({ code, count }) => (count === 1 ? code : `${code} ×${count}`)).join(', ');
  const recovered =
    recoveredAfterMs === null
      ? 'did not recover'
      : recoveredAfterMs === 0
        ? 'went on by itself'
        : `recovered ${inSeconds(recoveredAfterMs)} after the fault`;
  const parts = [stalled, recovered, seen === '' ? 'no error' : `errors: ${seen}`];
  return [...parts, ...(complaints.length > 0 ? [`not as expected: ${complaints.join('; ')}`] : [])].join(
    ' · ',
  );
}

function stretchesOf({ subject }: QaCase, seen: CaseObservation): Stretch[] {
  const clip = ({ startAtMs, endAtMs }: StateSpan<string>): Pick<Stretch, 'startAtMs' | 'endAtMs'> => ({
    startAtMs: Math.max(startAtMs, seen.brokenAtMs),
    endAtMs: Math.min(endAtMs ?? seen.endedAtMs, seen.endedAtMs),
  });
  const all: Stretch[] =
    subject === 'player'
      ? seen.playback.map((span) => ({
          ...clip(span),
          isGood: span.state === 'playing',
          // A picture that has to start anew stands as well.
          isStill: span.state === 'stalled' || span.state === 'starting',
        }))
      : seen.broadcast.map((span) => ({
          ...clip(span),
          isGood: span.state === 'live',
          isStill: span.state === 'reconnecting' || span.state === 'connecting',
        }));
  return all.filter(({ startAtMs, endAtMs }) => endAtMs > startAtMs);
}

function recoveryOf(stretches: readonly Stretch[], mendedAtMs: number): number | null {
  const last = stretches.at(-1);
  return last?.isGood ? Math.max(0, last.startAtMs - mendedAtMs) : null;
}

function isDuring(atMs: number, { brokenAtMs, endedAtMs }: CaseObservation): boolean {
  return atMs >= brokenAtMs && atMs <= endedAtMs;
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
