import type { EngineDefinition } from '../engine.js';
import { HeadStart, type HlsOptions } from './head-start.js';

/** hls.js, wherever it works, also where `canPlayType` says maybe: only it signs every request. */
export const hlsDefinition: EngineDefinition<HlsOptions> = {
  isAutomatic: ({ hasMediaSource }) => hasMediaSource,
  loadProperties: [],
  start: (host) => new HeadStart(host),
};
