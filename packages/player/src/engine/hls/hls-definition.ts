import { hlsEntries } from '../../source/hls-entries.js';
import type { EngineDefinition } from '../engine.js';
import { HeadStart } from './head-start.js';
import type { HlsOptions } from './hls-options.js';

/** hls.js wherever it works, also if the browser plays HLS itself: only hls.js lets us sign every request. */
export const hlsDefinition: EngineDefinition<HlsOptions> = {
  isAutomatic: ({ hasMediaSource }) => hasMediaSource,
  loadProperties: ['cmcd', 'drm'],
  takesStart: true,
  leavesOutEntries: true,
  ...hlsEntries,
  start: (host) => new HeadStart(host),
};
