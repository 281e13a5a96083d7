import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  checkLiveLatency,
  limitLiveLatency,
  type CatchUpMedia,
  type LiveLatencyOptions,
} from '@gatecast/player/internal/playback/watch/limit-live-latency';
import { observeLiveIntent } from '@gatecast/player/internal/playback/watch/live-intent';
import { MediaSampler } from '@gatecast/player/internal/playback/watch/media-sampler';
import { FakeClock } from '../support/fake-clock.js';

/** A live stream that is joined at its live position. */
class FakeMedia implements CatchUpMedia {
  currentTime = 100;
  livePosition: number | null = 100;
  paused = false;
  seeking = false;
  playbackRate = 1;
  readyState = 4;
}

describe('limitLiveLatency', () => {
  let fake: FakeClock;
  let media: FakeMedia;
  let life: AbortController;
  let options: { -readonly [K in keyof LiveLatencyOptions]: LiveLatencyOptions[K] };
  let returned: string[];

  beforeEach(() => {
    fake = new FakeClock();
    media = new FakeMedia();
    life = new AbortController();
    options = { maxLiveLatency: 30, liveCatchUp: 'jump' };
    returned = [];
    const sampler = new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock });
    const livePosition = (): number | null => media.livePosition;
    limitLiveLatency({
      sampler,
      options,
      livePosition,
      intent: observeLiveIntent({ sampler, livePosition, page: { visibilityState: 'visible' } }),
      onReturn: (how, behindS) => returned.push(`${how} ${String(Math.round(behindS))}`),
    });
  });

  afterEach(() => {
    life.abort();
    assert.equal(fake.clock.pending, 0, 'alarms left behind');
  });

  /** Seconds of the stream, in each of which this part is played. */
  async function pass(seconds: number, played = 1): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      if (media.livePosition !== null) media.livePosition += 1;
      if (!media.paused) media.currentTime += played * media.playbackRate;
      await fake.advance(1000);
    }
  }

  const behindS = (): number => (media.livePosition ?? NaN) - media.currentTime;

  it('jumps to live when a slow stretch has put playback too far behind', async () => {
    await pass(5);
    await pass(58, 0.5);
    assert.deepEqual(returned, []);
    await pass(4, 0.5);
    assert.deepEqual(returned, ['jump 31']);
    assert.ok(behindS() < 5);
  });

  it('returns after a long stall, too', async () => {
    await pass(5);
    await pass(120, 0);
    assert.ok(behindS() <= 31);
  });

  it('leaves a viewer who has sought back, until that viewer returns to live', async () => {
    await pass(5);
    media.currentTime -= 60;
    await pass(60);
    assert.deepEqual(returned, []);
    assert.equal(behindS(), 60);
    media.currentTime += 60;
    await pass(2);
    await pass(70, 0.5);
    assert.deepEqual(returned, ['jump 31']);
  });

  it('leaves a viewer who has paused', async () => {
    await pass(5);
    media.paused = true;
    await pass(60);
    media.paused = false;
    await pass(60);
    assert.deepEqual(returned, []);
  });

  it('follows a viewer whose short pause did not lose the live position', async () => {
    await pass(5);
    media.paused = true;
    await pass(3);
    media.paused = false;
    await pass(70, 0.5);
    assert.deepEqual(returned, ['jump 31']);
  });

  it('leaves a viewer who started far behind', async () => {
    life.abort();
    life = new AbortController();
    media.currentTime = 20;
    const sampler = new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock });
    const livePosition = (): number | null => media.livePosition;
    const intent = observeLiveIntent({ sampler, livePosition, page: { visibilityState: 'visible' } });
    await pass(5);
    assert.equal(intent.isFollowing, false);
  });

  it('plays faster where the page wants that, and at the normal speed once it is live', async () => {
    options.liveCatchUp = 'speed';
    await pass(5);
    await pass(31, 0);
    assert.deepEqual(returned, ['speed 31']);
    assert.equal(media.playbackRate, 1.1);
    await pass(400);
    assert.equal(media.playbackRate, 1);
    assert.ok(behindS() < 3);
    assert.equal(returned.length, 1);
  });

  it('jumps where speed would take minutes, and leaves the speed to a viewer who changes it', async () => {
    options.liveCatchUp = 'speed';
    await pass(5);
    await pass(31, 0);
    media.playbackRate = 1.5;
    await pass(2);
    assert.equal(media.playbackRate, 1.5);
    media.playbackRate = 1;
    media.livePosition = media.currentTime + 95;
    await pass(1);
    assert.equal(returned.at(-1), 'jump 95');
  });

  it('gives the speed back when the viewer pauses, and when it ends', async () => {
    options.liveCatchUp = 'speed';
    await pass(5);
    await pass(31, 0);
    media.paused = true;
    await pass(1);
    assert.equal(media.playbackRate, 1);
  });

  it('does nothing without a limit, or without a live position', async () => {
    options.maxLiveLatency = 0;
    await pass(200, 0);
    options.maxLiveLatency = NaN;
    await pass(10, 0);
    options.maxLiveLatency = 30;
    media.livePosition = null;
    await pass(10, 0);
    assert.deepEqual(returned, []);
  });

  it('reports invalid values', () => {
    assert.equal(checkLiveLatency(options), null);
    assert.match(checkLiveLatency({ ...options, maxLiveLatency: NaN }) ?? '', /max-live-latency/);
    assert.match(checkLiveLatency({ ...options, liveCatchUp: 'fast' as 'jump' }) ?? '', /live-catch-up/);
  });
});
