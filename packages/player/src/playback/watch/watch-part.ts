import { lazyPart } from '@gatecast/token';

/** Loads {@link watchPlayback}, which is needed after the first progress. */
export const watchPart = lazyPart(
  'watchPlayback',
  async () => (await import('./watch-playback.js')).watchPlayback,
);
