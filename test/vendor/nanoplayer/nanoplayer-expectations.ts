import type { Expectation } from '../expectation.js';
import { connectionExpectations } from './connection-expectations.js';
import type { NanoPlayerBench } from './nanoplayer-bench.js';
import { playbackExpectations } from './playback-expectations.js';
import { setupExpectations } from './setup-expectations.js';

/** What the vendor's player does, as far as our engine depends on it. */
export const nanoPlayerExpectations: readonly Expectation<NanoPlayerBench>[] = [
  ...setupExpectations,
  ...connectionExpectations,
  ...playbackExpectations,
];
