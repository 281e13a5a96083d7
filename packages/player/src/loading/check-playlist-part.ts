import { lazyPart } from '@gatecast/token';

/**
 * `checkPlaylist`, loaded beside the engine: with a static import, the bundler would add a chunk to the start of two
 * engines.
 */
export const checkPlaylistPart = lazyPart(
  'checkPlaylist',
  async () => (await import('./check-playlist.js')).checkPlaylist,
);
