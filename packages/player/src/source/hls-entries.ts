import type { ResolvedEntry } from './player-source.js';

/** The entries that an HLS player can play. */
export const hlsEntries = {
  canPlay: ({ url }: ResolvedEntry): boolean => url !== null,
  entryMembers: '"hls" or "h5live.server.hls"',
};
