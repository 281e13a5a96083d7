import type { RefreshReason } from '@gatecast/token';

/** All of them, in the order of a legend. */
export const reasons: readonly RefreshReason[] = ['initial', 'scheduled', 'rejected', 'resume', 'manual'];

const labels: Readonly<Record<RefreshReason, string>> = {
  initial: 'first',
  scheduled: 'renewed',
  rejected: 'refused',
  resume: 'resumed',
  manual: 'by hand',
};

const phrases: Readonly<Record<RefreshReason, string>> = {
  initial: 'first token',
  scheduled: 'renewed ahead of time',
  rejected: 'renewed after a refusal',
  resume: 'renewed on return',
  manual: 'renewed by hand',
};

/** Why a token was fetched, in one word or two. */
export function labelReason(reason: RefreshReason): string {
  return labels[reason];
}

/** Why a token was fetched, as a person would say it. */
export function describeReason(reason: RefreshReason): string {
  return phrases[reason];
}
