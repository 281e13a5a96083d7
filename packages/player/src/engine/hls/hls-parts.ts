import { beginAt } from './begin-at.js';
import { beginLoad } from './begin-load.js';
import { BuildChoice } from './build-choice.js';
import { followOncePlaying } from './follow-once-playing.js';
import { HlsFaults } from './hls-faults.js';
import { createHlsLoader } from './hls-loader.js';
import { mapRenditions } from './hls-renditions.js';
import { reattachMedia } from './reattach-media.js';
import { rejoinLive } from './rejoin-live.js';
import { takeOver } from './take-over.js';
import { WaitReasons } from './wait-reasons.js';

/** What the engine uses only once hls.js runs. It is one chunk, which loads beside hls.js. */
export const hlsParts = {
  BuildChoice,
  HlsFaults,
  WaitReasons,
  beginAt,
  beginLoad,
  createHlsLoader,
  followOncePlaying,
  mapRenditions,
  reattachMedia,
  rejoinLive,
  takeOver,
};

export type HlsParts = typeof hlsParts;
