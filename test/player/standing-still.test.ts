import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  awaitsAutoplay,
  isStandingStill,
  type AwaitedMedia,
} from '@gatecast/player/internal/playback/standing-still';

const media: AwaitedMedia = {
  autoplay: false,
  paused: false,
  played: { length: 0 },
  preload: 'metadata',
  readyState: 4,
};

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

  it('is true while an element has too little to begin by itself', () => {
    assert.equal(isStandingStill({ ...media, paused: true, autoplay: true, readyState: 3 }), true);
  });

  it('is false for a paused element with a frame, or without preload', () => {
    assert.equal(isStandingStill({ ...media, paused: true, readyState: 2 }), false);
    assert.equal(isStandingStill({ ...media, paused: true, readyState: 0, preload: 'none' }), false);
  });
});

describe('awaitsAutoplay', () => {
  const waiting = { ...media, autoplay: true, paused: true, readyState: 3 };

  it('is true until there is enough to play', () => {
    assert.equal(awaitsAutoplay(waiting), true);
    assert.equal(awaitsAutoplay({ ...waiting, readyState: 0 }), true);
  });

  it('is false where the browser does not allow it, and for the pause of a viewer', () => {
    assert.equal(awaitsAutoplay({ ...waiting, readyState: 4 }), false);
    assert.equal(awaitsAutoplay({ ...waiting, played: { length: 1 } }), false);
    assert.equal(awaitsAutoplay({ ...waiting, autoplay: false }), false);
    assert.equal(awaitsAutoplay({ ...waiting, paused: false }), false);
  });
});
