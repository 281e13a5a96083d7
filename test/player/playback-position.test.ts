import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restoreWhenLoaded } from '@gatecast/player/internal/media/playback-position';

/** The parts of a media element that a position needs. As in a browser, a seek does nothing while no time can be sought. */
class FakeMedia extends EventTarget {
  plays = 0;
  window: readonly [number, number] | null = null;
  #timeS = 0;

  get seekable() {
    const { window } = this;
    return { length: window ? 1 : 0, start: () => window?.[0] ?? NaN };
  }

  get currentTime(): number {
    return this.#timeS;
  }

  set currentTime(timeS: number) {
    if (this.window) this.#timeS = timeS;
  }

  play(): Promise<void> {
    this.plays += 1;
    return Promise.resolve();
  }
}

function load(behindLive: number | null, time: number | null = null) {
  const media = new FakeMedia();
  const life = new AbortController();
  const engine = { livePosition: behindLive === null ? null : 14 };
  restoreWhenLoaded(media, { engine, signal: life.signal }, { wasPlaying: true, time, behindLive });
  return { media, life, engine, event: (type: string) => media.dispatchEvent(new Event(type)) };
}

describe('the position of a source that is loaded again', () => {
  it('is restored when its media are known', () => {
    const { media, event } = load(8);
    media.window = [0, 20];
    event('loadedmetadata');
    assert.deepEqual([media.currentTime, media.plays], [6, 1]);
    event('seeking');
    event('loadedmetadata');
    assert.deepEqual([media.currentTime, media.plays], [6, 1]);
  });

  it('is not before the live window', () => {
    const { media, event } = load(30);
    media.window = [2, 20];
    event('loadedmetadata');
    assert.equal(media.currentTime, 2);
  });

  it('is restored after hls.js has sought live, if the live window is known only after the media', () => {
    const { media, engine, event } = load(8);
    event('loadedmetadata');
    assert.deepEqual([media.currentTime, media.plays], [0, 1]);
    media.window = [0, 20];
    engine.livePosition = 15;
    media.currentTime = 15;
    event('seeking');
    event('loadeddata');
    assert.deepEqual([media.currentTime, media.plays], [7, 1]);
    // That of the viewer stays.
    media.currentTime = 3;
    event('seeking');
    assert.equal(media.currentTime, 3);
  });

  it('is restored with the first picture, if hls.js does not seek before it', () => {
    const { media, event } = load(8);
    event('loadedmetadata');
    media.window = [0, 20];
    event('loadeddata');
    assert.deepEqual([media.currentTime, media.plays], [6, 1]);
  });

  it('is not restored again when the viewer seeks in a stream in which hls.js did not seek', () => {
    const { media, engine, event } = load(8);
    engine.livePosition = 0;
    event('loadedmetadata');
    media.window = [0, 4];
    event('loadeddata');
    assert.equal(media.currentTime, 0);
    engine.livePosition = 60;
    media.window = [0, 66];
    media.currentTime = 30;
    event('seeking');
    event('seeked');
    assert.equal(media.currentTime, 30);
  });

  it('is not restored after the end of the run', () => {
    const { media, life, event } = load(8);
    event('loadedmetadata');
    life.abort();
    media.window = [0, 60];
    media.currentTime = 50;
    event('seeking');
    event('loadeddata');
    assert.equal(media.currentTime, 50);
  });

  it('is not that of a source which has ended before it was known', () => {
    const { media, engine, event } = load(8);
    event('loadedmetadata');
    engine.livePosition = null;
    media.window = [0, 20];
    media.currentTime = 12;
    event('seeking');
    event('loadeddata');
    assert.equal(media.currentTime, 12);
  });

  it('is live for a viewer who was nearly there', () => {
    const { media, event } = load(1.5);
    media.window = [0, 20];
    media.currentTime = 14;
    event('loadedmetadata');
    event('seeking');
    assert.equal(media.currentTime, 14);
  });

  it('is the time in a recording', () => {
    const { media, event } = load(null, 9);
    media.window = [0, 60];
    event('loadedmetadata');
    assert.equal(media.currentTime, 9);
  });
});
