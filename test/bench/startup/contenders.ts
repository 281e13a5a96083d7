import type { PageKind } from '../write-page.js';

/** Pages that the start-up bench compares. */
export const contenders = [
  'hand-written',
  'hand-written with token',
  'hls-video-element',
  'mux-player',
  'vidstack',
  'video.js 8',
  'Video.js 10',
  'shaka-player',
  'gatecast',
  'gatecast with playlists',
  'gatecast with playlists and preconnect',
] as const satisfies readonly PageKind[];
export type Contender = (typeof contenders)[number];

/** All others are compared with this one. */
export const reference: Contender = 'hand-written';
