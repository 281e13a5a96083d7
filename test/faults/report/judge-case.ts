import type { FaultCase } from '../cases/fault-case.js';
import type { CaseOutcome } from './case-outcome.js';

/**
 * Backoff may cost this against the control, in milliseconds. The control asks every second, also for minutes, which no
 * service wants from a crowd.
 */
const backoffMs = 5_500;
/** Most media requests in a second: both renditions, their playlists and the window of a live stream. */
const mediaPerSecond = 20;

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What is wrong with an outcome, in words. Empty if the case is as it must be. */
export function judgeCase({ expect = {} }: FaultCase, { ours, control }: CaseOutcome): string[] {
  const { backWithinS = 5, error = 'allowed', tokensPerMinute = 13, isFinal = false } = expect;
  const wrong: string[] = [];
  if (isFinal) return ours.errors.length > 0 ? [] : ['does not report the fault'];
  if (ours.backMs === null) wrong.push('does not play again');
  else if (ours.backMs > backWithinS * 1000)
    wrong.push(`plays again after ${inSeconds(ours.backMs)}, not ${backWithinS} s`);
  if (control.backMs !== null && (ours.backMs ?? Infinity) > control.backMs + backoffMs)
    wrong.push(`the control plays again after ${inSeconds(control.backMs)}`);
  if (ours.stalledMs > control.stalledMs + backoffMs)
    wrong.push(`stalls ${inSeconds(ours.stalledMs)}, the control ${inSeconds(control.stalledMs)}`);
  if (error === 'none' && ours.errors.length > 0) wrong.push(`reports ${ours.errors.join(', ')}`);
  if (ours.tokens.perMinute > tokensPerMinute)
    wrong.push(`${ours.tokens.perMinute} token requests in a minute, not ${tokensPerMinute}`);
  if (ours.media.perSecond > Math.max(mediaPerSecond, control.media.perSecond))
    wrong.push(`${ours.media.perSecond} media requests in a second, the control ${control.media.perSecond}`);
  if (ours.rewinds > control.rewinds + 1)
    wrong.push(`jumps back ${ours.rewinds} times, the control ${control.rewinds}`);
  return wrong;
}
