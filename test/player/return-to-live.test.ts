import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MediaSampler } from '@gatecast/player/internal/playback/watch/media-sampler';
import { observeLiveIntent } from '@gatecast/player/internal/playback/watch/live-intent';
import { returnToLive, type WatchedMedia } from '@gatecast/player/internal/playback/watch/return-to-live';
import { FakeClock } from '../support/fake-clock.js';

/** What a media element shows of a live stream: it plays a second for each second, ten behind the edge. */
class FakeMedia implements WatchedMedia {
  paused = false;
  currentTime = 100;
  edgeS = 110;
  /** End that the last playlist told; it grows only while playlists come. */
  knownEdgeS = 110;
  readonly seekable = {
    length: 1,
    end: () => this.knownEdgeS,
  };
  plays = 0;

  play(): Promise<void> {
    this.plays += 1;
    this.paused = false;
    return Promise.resolve();
  }
}

class FakePage extends EventTarget {
  visibilityState = 'visible';
}

describe('returnToLive', () => {
  let fake: FakeClock;
  let media: FakeMedia;
  let page: FakePage;
  let life: AbortController;
  let returned: number[];

  beforeEach(() => {
    fake = new FakeClock();
    media = new FakeMedia();
    page = new FakePage();
    life = new AbortController();
    returned = [];
    const sampler = new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock });
    const livePosition = (): number => media.knownEdgeS - 6;
    returnToLive({
      sampler,
      livePosition,
      intent: observeLiveIntent({ sampler, livePosition, page }),
      onReturned: (behindS) => returned.push(behindS),
      page,
    });
  });

  afterEach(() => {
    life.abort();
    assert.equal(fake.clock.pending, 0, 'alarms and listeners left behind');
  });

  /** Seconds that pass for the stream, and for the viewer if it plays. */
  async function pass(seconds: number, { plays = true, playlists = true } = {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      media.edgeS += 1;
      if (playlists) media.knownEdgeS = media.edgeS;
      if (plays && !media.paused) media.currentTime += 1;
      await fake.advance(1000);
    }
  }

  /** The machine sleeps, and plays on from where it stood. */
  function sleep(seconds: number): void {
    media.edgeS += seconds;
    fake.sleep(seconds * 1000);
  }

  it('goes back to the live edge after sleep, once a playlist tells where that is', async () => {
    await pass(5);
    sleep(20);
    await pass(2, { playlists: false });
    assert.deepEqual(returned, []);
    await pass(2);
    assert.equal(returned.length, 1);
    assert.ok(media.knownEdgeS - media.currentTime < 8);
  });

  it('leaves a viewer who had gone back where he was', async () => {
    await pass(3);
    media.currentTime -= 30;
    await pass(3);
    sleep(20);
    await pass(5);
    assert.deepEqual(returned, []);
  });

  it('leaves a viewer who had paused where he was, also when he plays on much later', async () => {
    await pass(3);
    media.paused = true;
    await pass(3);
    sleep(20);
    await pass(20);
    media.paused = false;
    await pass(5);
    assert.deepEqual(returned, []);
  });

  it('takes a stall for no wish to be behind', async () => {
    await pass(3);
    await pass(20, { plays: false, playlists: false });
    fake.window.dispatchEvent(new Event('online'));
    await pass(3);
    assert.equal(returned.length, 1);
  });

  it('does nothing after a short interruption', async () => {
    await pass(3);
    sleep(2);
    await pass(5);
    assert.deepEqual(returned, []);
  });

  it('leaves a viewer who had paused where he was, also when he plays on right after he came back', async () => {
    await pass(3);
    media.paused = true;
    await pass(20);
    fake.window.dispatchEvent(new Event('online'));
    await pass(2);
    media.paused = false;
    await pass(5);
    assert.deepEqual(returned, []);
  });

  it('goes back to the live edge after the browser had paused a hidden page', async () => {
    await pass(3);
    page.visibilityState = 'hidden';
    media.paused = true;
    await pass(20);
    page.visibilityState = 'visible';
    fake.window.dispatchEvent(new Event('online'));
    media.paused = false;
    await pass(3);
    assert.equal(returned.length, 1);
  });

  it('plays on when the browser had paused a frozen page, and only then', async () => {
    await pass(3);
    page.visibilityState = 'hidden';
    media.paused = true;
    sleep(20);
    page.dispatchEvent(new Event('resume'));
    assert.equal(media.plays, 1);
    page.visibilityState = 'visible';
    media.paused = true;
    await pass(3);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('resume'));
    assert.equal(media.plays, 1);
  });
});
