import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MediaSampler } from '@gatecast/player/internal/playback/watch/media-sampler';
import { restWhilePaused } from '@gatecast/player/internal/playback/watch/rest-while-paused';
import { FakeClock } from '../support/fake-clock.js';

class FakeMedia extends EventTarget {
  currentTime = 100;
  paused = false;
  seeking = false;

  play(): void {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
  }
}

describe('restWhilePaused', () => {
  let fake: FakeClock;
  let media: FakeMedia;
  let life: AbortController;
  let calls: string[];
  let canRest: boolean;
  let awaitsAutoplay: boolean;

  beforeEach(() => {
    fake = new FakeClock();
    media = new FakeMedia();
    life = new AbortController();
    calls = [];
    canRest = true;
    awaitsAutoplay = false;
    restWhilePaused({
      sampler: new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock }),
      awaitsAutoplay: () => awaitsAutoplay,
      rest: () => {
        if (canRest) calls.push('rest');
        return canRest;
      },
      resume: () => calls.push('resume'),
    });
  });

  afterEach(() => {
    life.abort();
    assert.equal(fake.clock.pending, 0, 'alarms left behind');
    const before = calls.length;
    media.play();
    assert.equal(calls.length, before, 'a listener is left behind');
  });

  it('stops loading after half a minute of pause, once', async () => {
    await fake.advance(60_000);
    assert.deepEqual(calls, []);
    media.paused = true;
    await fake.advance(29_000);
    assert.deepEqual(calls, []);
    await fake.advance(600_000);
    assert.deepEqual(calls, ['rest']);
  });

  it('goes on while the player waits for enough media to begin by itself', async () => {
    media.paused = true;
    awaitsAutoplay = true;
    await fake.advance(600_000);
    assert.deepEqual(calls, []);
    awaitsAutoplay = false;
    await fake.advance(32_000);
    assert.deepEqual(calls, ['rest'], 'the browser does not allow it');
  });

  it('resumes at once on play, and stops again after the next pause', async () => {
    media.paused = true;
    await fake.advance(40_000);
    media.play();
    assert.deepEqual(calls, ['rest', 'resume']);
    await fake.advance(5000);
    media.paused = true;
    await fake.advance(40_000);
    assert.deepEqual(calls, ['rest', 'resume', 'rest']);
  });

  it('resumes for a seek while paused, which needs a picture, and stops again later', async () => {
    media.paused = true;
    await fake.advance(40_000);
    media.dispatchEvent(new Event('seeking'));
    assert.deepEqual(calls, ['rest', 'resume']);
    await fake.advance(40_000);
    assert.deepEqual(calls, ['rest', 'resume', 'rest']);
  });

  it('counts time that the device slept or the page was throttled', async () => {
    media.paused = true;
    await fake.advance(2000);
    fake.sleep(600_000);
    await fake.advance(1000);
    assert.deepEqual(calls, ['rest']);
  });

  it('tries again when the engine cannot rest yet, and does nothing for short pauses', async () => {
    canRest = false;
    media.paused = true;
    await fake.advance(40_000);
    canRest = true;
    await fake.advance(1000);
    assert.deepEqual(calls, ['rest']);
    media.play();
    calls.length = 0;
    for (let index = 0; index < 5; index += 1) {
      media.paused = true;
      await fake.advance(20_000);
      media.paused = false;
      await fake.advance(2000);
    }
    assert.deepEqual(calls, []);
  });
});
