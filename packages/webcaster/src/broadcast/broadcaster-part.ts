import { lazyPart } from '@gatecast/token';

/** The code of a broadcast, which loads with its first use. */
export const broadcasterPart = lazyPart(
  'Broadcaster',
  async () => (await import('./broadcaster.js')).Broadcaster,
  { code: 'publisher-load-failed' },
);
