import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isStandingStill, type AwaitedMedia } from '@gatecast/player/internal/playback/standing-still';

const media: AwaitedMedia = { autoplay: false, paused: false, preload: 'metadata', readyState: 4 };

describe('isStandingStill', () => {
  it('is true while a playing element has no next frame', () => {
    assert.equal(isStandingStill({ ...media, readyState: 2 }), true);
    assert.equal(isStandingStill({ ...media, readyState: 3 }), false);
  });

  it('is true while an element that loads has no frame', () => {
    assert.equal(isStandingStill({ ...media, paused: true, readyState: 1 }), true);
    assert.equal(
      isStandingStill({ ...media, paused: true, readyState: 1, preload: 'none', autoplay: true }),
      true,
    );
  });

  it('is false for a paused element with a frame, or without preload', () => {
    assert.equal(isStandingStill({ ...media, paused: true, readyState: 2 }), false);
    assert.equal(isStandingStill({ ...media, paused: true, readyState: 0, preload: 'none' }), false);
  });
});
