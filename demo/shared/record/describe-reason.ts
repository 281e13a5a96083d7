import type { RefreshReason } from '@gatecast/token';

/** All reasons, in the order of the legend. */
export const reasons: readonly RefreshReason[] = ['initial', 'scheduled', 'rejected', 'resume', 'manual'];

const labels: Readonly<Record<RefreshReason, string>> = {
  initial: 'first',
  scheduled: 'renewed',
  rejected: 'after refusal',
  resume: 'resumed',
  manual: 'manual',
};

const phrases: Readonly<Record<RefreshReason, string>> = {
  initial: 'first token',
  scheduled: 'renewed on schedule',
  rejected: 'renewed after a refusal',
  resume: 'renewed on resume',
  manual: 'renewed manually',
};

/** Label of the token's bar. */
export function labelReason(reason: RefreshReason): string {
  return labels[reason];
}

/** Why a token was fetched, for legend, details and events. */
export function describeReason(reason: RefreshReason): string {
  return phrases[reason];
}
