import type { GatecastError } from '@gatecast/token';

/** Why an engine has no picture yet: an error, or that none came in time. */
export type NoPicture = GatecastError | 'blocked';

/** Why an engine does not play, in one word. */
export function reasonOf(outcome: NoPicture): 'blocked' | 'refused' | 'unsupported' {
  if (outcome === 'blocked') return outcome;
  return outcome.code === 'codec-unsupported' || isForGood(outcome) ? 'unsupported' : 'refused';
}

/** Can only the page or another browser help, not another broadcast? */
export function isForGood(outcome: NoPicture): boolean {
  return outcome !== 'blocked' && /^(?:engine-unsupported|option-invalid)$/.test(outcome.code);
}
