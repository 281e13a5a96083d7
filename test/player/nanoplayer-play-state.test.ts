import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlayState } from '@gatecast/player/internal/engine/nanoplayer/play-state';

describe('calls of play() on the vendor’s player', () => {
  it('resolve when playback begins', async () => {
    const state = new PlayState();
    let isBegun = false;
    const begun = state.start(() => {
      isBegun = true;
    });
    assert.deepEqual([isBegun, state.isPlaying], [true, true]);
    state.onPlay();
    await begun;
  });

  it('reject as on a video element when the browser or the page prevents it', async () => {
    const state = new PlayState();
    const blocked = state.start(() => undefined);
    state.onPause('interactionrequired');
    await assert.rejects(blocked, { name: 'NotAllowedError' });
    const interrupted = state.start(() => undefined);
    state.onPause('normal');
    await assert.rejects(interrupted, { name: 'AbortError' });
    assert.equal(state.isPlaying, false);
  });

  it('wait through pauses after which the player continues by itself', async () => {
    const state = new PlayState();
    const begun = state.start(() => undefined);
    state.onPause('buffer');
    assert.equal(state.isPlaying, true);
    state.onPause('connectionclose');
    assert.equal(state.isPlaying, true);
    state.onPlay();
    await begun;
  });
});
