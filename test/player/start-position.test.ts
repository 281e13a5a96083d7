import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startPosition, type Playable } from '@gatecast/player/internal/element/begin/start-position';

const playable = (duration: number, livePosition: number | null, ...range: number[]): Playable => ({
  duration,
  livePosition,
  seekable: { length: range.length / 2, start: () => range[0] ?? NaN, end: () => range[1] ?? NaN },
});
const recording = playable(120, null, 0, 120);
const live = playable(Infinity, 290, 100, 300);

describe('startPosition', () => {
  const cases: readonly (readonly [string, number, Playable, number])[] = [
    ['counts from the beginning of a recording', 90, recording, 90],
    ['counts a negative time from the end of a recording', -30, recording, 90],
    ['starts at the end for a time after it', 500, recording, 120],
    ['starts at the beginning for a time before it', -500, recording, 0],
    ['counts from the oldest media of a live stream', 40, live, 140],
    ['counts a negative time from the live position', -60, live, 230],
    ['does not start after the live position', 195, live, 290],
    ['does not start before the oldest media of a live stream', -500, live, 100],
    [
      'counts from the end of what can be sought without a live position',
      -60,
      { ...live, livePosition: null },
      240,
    ],
    ['stays at zero while nothing can be sought', 40, playable(NaN, null), 0],
  ];
  for (const [title, startTime, media, expected] of cases)
    it(title, () => assert.equal(startPosition(startTime, media), expected));
});
