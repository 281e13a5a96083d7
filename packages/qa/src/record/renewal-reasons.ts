import type { RenewalReason } from '@gatecast/token';

/** All reasons, in the order in which they are shown. */
export const renewalReasons: readonly RenewalReason[] = [
  'initial',
  'scheduled',
  'rejected',
  'resume',
  'manual',
  'origin',
  'tab',
];
