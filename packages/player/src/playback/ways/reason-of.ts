import type { GatecastError } from '@gatecast/token';

/** Why an engine does not play, in one word. */
export function reasonOf(outcome: GatecastError | 'blocked'): 'blocked' | 'refused' | 'unsupported' {
  if (outcome === 'blocked') return outcome;
  if (/^(?:engine|codec)-unsupported$/.test(outcome.code)) return 'unsupported';
  return 'refused';
}
