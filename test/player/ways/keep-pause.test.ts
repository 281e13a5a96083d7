import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { restoreWhenLoaded } from '@gatecast/player/internal/media/playback-position';
import { keepPause } from '@gatecast/player/internal/playback/ways/keep-pause';

type Intent = 'play' | 'pause' | null;

/** Another engine takes the place of one that has played. Returns whether it plays. */
function change(before: Intent, meanwhile: Intent, isRemoved = false): boolean {
  let isPlaying = false;
  const video = Object.assign(new EventTarget(), {
    currentTime: 0,
    seekable: { length: 0, start: () => NaN },
    play: () => {
      isPlaying = true;
      return Promise.resolve();
    },
    pause: () => {
      isPlaying = false;
    },
  });
  const life = new AbortController();
  const { signal } = life;
  const output = { video, intent: before };
  restoreWhenLoaded(video, { engine: null, signal }, { wasPlaying: true, time: null, behindLive: null });
  keepPause(output, signal);
  output.intent = meanwhile;
  if (isRemoved) life.abort();
  video.dispatchEvent(new Event('loadedmetadata'));
  return isPlaying;
}

describe('an engine that takes over', () => {
  it('plays as the one before it has', () => {
    assert.equal(change(null, null), true);
    assert.equal(change('play', 'play'), true);
  });

  it('stays paused if the page has called pause() meanwhile', () => {
    assert.equal(change('play', 'pause'), false);
    assert.equal(change(null, 'pause'), false);
  });

  it('plays after an end of the access, which has paused the one before it', () => {
    assert.equal(change('pause', 'pause'), true);
  });

  it('is nothing any longer once the source is another one', () => {
    assert.equal(change('play', 'pause', true), false);
  });
});
