import type { RenewalReason } from '@gatecast/token';

const labels: Readonly<Record<RenewalReason, string>> = {
  initial: 'first',
  scheduled: 'renewed',
  rejected: 'after refusal',
  resume: 'resumed',
  manual: 'manual',
  origin: 'by the origin',
  tab: 'by another tab',
};

const phrases: Readonly<Record<RenewalReason, string>> = {
  initial: 'first token',
  scheduled: 'renewed on schedule',
  rejected: 'renewed after a refusal',
  resume: 'renewed on resume',
  manual: 'renewed manually',
  origin: 'renewed by the media origin',
  tab: 'renewed by another tab',
};

/** Label of the token's bar. */
export function labelReason(reason: RenewalReason): string {
  return labels[reason];
}

/** Why a token was fetched, for legend, details and events. */
export function describeReason(reason: RenewalReason): string {
  return phrases[reason];
}
