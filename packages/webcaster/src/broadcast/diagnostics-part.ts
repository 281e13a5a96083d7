import { lazyPart } from '@gatecast/token';

/** The code of `diagnostics()`, which loads with its first call. */
export const diagnosticsPart = lazyPart(
  'describeBroadcast',
  async () => (await import('./diagnostics.js')).describeBroadcast,
  { code: 'publisher-load-failed' },
);
