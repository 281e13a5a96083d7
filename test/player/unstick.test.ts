import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MediaSampler } from '@gatecast/player/internal/playback/watch/media-sampler';
import { unstick, type StillMedia } from '@gatecast/player/internal/playback/watch/unstick';
import { FakeClock } from '../support/fake-clock.js';

/** A media element whose clock stands where it is put. */
class FakeMedia implements StillMedia {
  paused = false;
  ended = false;
  duration = Infinity;
  playbackRate = 1;
  readyState = 4;
  seeking = false;
  bufferedEnd = 120;
  moves: number[] = [];
  #currentTime = 100;
  readonly buffered = {
    length: 1,
    start: () => 90,
    end: () => this.bufferedEnd,
  };

  get currentTime(): number {
    return this.#currentTime;
  }

  set currentTime(seconds: number) {
    this.moves.push(Math.round((seconds - this.#currentTime) * 100) / 100);
    this.#currentTime = seconds;
  }

  play(seconds: number): void {
    this.#currentTime += seconds;
  }
}

describe('unstick', () => {
  let fake: FakeClock;
  let media: FakeMedia;
  let life: AbortController;
  let remedies: string[];
  let ends: number;
  let reattachments: number;
  let isNeeded: boolean;

  beforeEach(() => {
    fake = new FakeClock();
    media = new FakeMedia();
    life = new AbortController();
    remedies = [];
    ends = 0;
    reattachments = 0;
    isNeeded = true;
    const sampler = new MediaSampler({ media: () => media, signal: life.signal, clock: fake.clock });
    unstick({
      sampler,
      isNeeded: () => isNeeded,
      end: () => {
        ends += 1;
      },
      reattach: () => {
        reattachments += 1;
      },
      onUnstuck: (remedy) => remedies.push(remedy),
    });
  });

  afterEach(() => {
    life.abort();
    assert.equal(fake.clock.pending, 0, 'alarms left behind');
  });

  async function pass(seconds: number, { plays = false } = {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      if (plays) media.play(1);
      await fake.advance(1000);
    }
  }

  it('nudges an engine that has media and does not play, each time a little further', async () => {
    await pass(2);
    assert.deepEqual(media.moves, []);
    await pass(1);
    assert.deepEqual(media.moves, [0.1]);
    await pass(3);
    assert.deepEqual(media.moves, [0.1, 0.2]);
    assert.deepEqual(remedies, ['nudge', 'nudge']);
  });

  it('leaves one alone that plays, also after a nudge', async () => {
    await pass(3);
    await pass(10, { plays: true });
    assert.deepEqual(media.moves, [0.1]);
    await pass(3);
    assert.deepEqual(media.moves, [0.1, 0.1], 'a later standstill starts again');
  });

  it('leaves one alone that is paused, has ended, stands on purpose or waits for media', async () => {
    const still: Partial<FakeMedia>[] = [
      { paused: true },
      { ended: true },
      { playbackRate: 0 },
      { readyState: 2 },
      { bufferedEnd: 100.5 },
    ];
    for (const state of still) {
      Object.assign(media, new FakeMedia(), state);
      await pass(10);
    }
    isNeeded = false;
    Object.assign(media, new FakeMedia());
    await pass(10);
    assert.deepEqual([media.moves, ends], [[], 0]);
  });

  it('ignores samples that sleep held back', async () => {
    await pass(2);
    fake.sleep(60_000);
    await pass(2);
    assert.deepEqual(media.moves, []);
  });

  it('replaces the media source of a seek that never ends, although its media is there', async () => {
    Object.assign(media, { seeking: true, readyState: 1 });
    await pass(3);
    assert.equal(reattachments, 0);
    await pass(30);
    assert.deepEqual([reattachments, remedies, media.moves], [1, ['reattach'], []]);
    await pass(1, { plays: true });
    await pass(4);
    assert.equal(reattachments, 2, 'a later seek');
    await pass(1, { plays: true });
    await pass(4);
    assert.equal(reattachments, 2, 'not again within 10 s');
  });

  it('waits for the media of a seek', async () => {
    Object.assign(media, { seeking: true, readyState: 1, bufferedEnd: 100.5 });
    await pass(30);
    assert.deepEqual([reattachments, remedies], [0, []]);
  });

  it('ends a stream whose last part never comes where its media does', async () => {
    Object.assign(media, { duration: 100.4, bufferedEnd: 100.2, readyState: 2 });
    await pass(3);
    assert.equal(ends, 0);
    await pass(10);
    assert.deepEqual([ends, remedies, media.moves], [1, ['end'], []]);
  });

  it('ends one, too, that stood still before it was known to have ended', async () => {
    Object.assign(media, { bufferedEnd: 100.2, readyState: 2 });
    await pass(7);
    Object.assign(media, { duration: 100.4 });
    await pass(3);
    assert.equal(ends, 0);
    await pass(10);
    assert.deepEqual([ends, remedies], [1, ['end']]);
  });

  it('does not take for the end what is the middle, or a stream that goes on', async () => {
    Object.assign(media, { duration: 110, bufferedEnd: 100.2, readyState: 2 });
    await pass(5);
    Object.assign(media, { duration: Infinity });
    await pass(5);
    assert.equal(ends, 0);
  });
});
