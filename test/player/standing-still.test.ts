import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  awaitsAutoplay,
  isStandingStill,
  type AwaitedOutput,
} from '@gatecast/player/internal/playback/standing-still';

interface Changes extends Partial<AwaitedOutput['media']> {
  readonly intent?: AwaitedOutput['intent'];
}

function output({ intent = null, ...media }: Changes): AwaitedOutput {
  return {
    intent,
    media: {
      autoplay: false,
      paused: false,
      played: { length: 0 },
      preload: 'metadata',
      readyState: 4,
      ...media,
    },
  };
}

describe('isStandingStill', () => {
  it('is true while a playing element has no next frame', () => {
    assert.equal(isStandingStill(output({ readyState: 2 })), true);
    assert.equal(isStandingStill(output({ readyState: 3 })), false);
  });

  it('is true while an element that loads has no frame', () => {
    assert.equal(isStandingStill(output({ paused: true, readyState: 1 })), true);
    const automatic = { paused: true, readyState: 1, preload: 'none', autoplay: true } as const;
    assert.equal(isStandingStill(output(automatic)), true);
    assert.equal(isStandingStill(output({ ...automatic, intent: 'pause' })), true);
  });

  it('is true while an element has too little to begin by itself', () => {
    assert.equal(isStandingStill(output({ paused: true, autoplay: true, readyState: 3 })), true);
  });

  it('is false for a paused element with a frame, or without preload', () => {
    assert.equal(isStandingStill(output({ paused: true, readyState: 2 })), false);
    assert.equal(isStandingStill(output({ paused: true, readyState: 0, preload: 'none' })), false);
    const byViewer = { paused: true, autoplay: true, readyState: 3, intent: 'pause' } as const;
    assert.equal(isStandingStill(output(byViewer)), false);
  });
});

describe('awaitsAutoplay', () => {
  const waiting = { autoplay: true, paused: true, readyState: 3 };

  it('is true until there is enough to play, also for the next source', () => {
    assert.equal(awaitsAutoplay(output(waiting)), true);
    assert.equal(awaitsAutoplay(output({ ...waiting, readyState: 0 })), true);
    assert.equal(awaitsAutoplay(output({ ...waiting, intent: 'play' })), true);
  });

  it('is false where the browser does not allow it, at the end, and for the pause of a viewer', () => {
    assert.equal(awaitsAutoplay(output({ ...waiting, readyState: 4 })), false);
    assert.equal(awaitsAutoplay(output({ ...waiting, played: { length: 1 } })), false);
    assert.equal(awaitsAutoplay(output({ ...waiting, intent: 'pause' })), false);
    assert.equal(awaitsAutoplay(output({ ...waiting, autoplay: false })), false);
    assert.equal(awaitsAutoplay(output({ ...waiting, paused: false })), false);
  });
});
