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

  it('keep the wish to play through an error, and drop it when the viewer pauses', () => {
    const state = new PlayState();
    state.isPlaying = true;
    for (const reason of ['playbackerror', 'connectionclose', 'sourcestreamstopped']) state.onPause(reason);
    assert.equal(state.isPlaying, true);
    state.onPause('normal');
    assert.equal(state.isPlaying, false);
  });
});

describe('play and pause events of the vendor’s media element', () => {
  it('are not for the page while the player reconnects', () => {
    const state = new PlayState();
    state.isPlaying = true;
    assert.equal(state.passes('play'), true);
    state.onPause('reconnectionimminent');
    assert.deepEqual([state.passes('pause'), state.passes('play')], [false, false]);
    assert.equal(state.passes('playing'), true);
  });

  it('are for the page when the viewer caused them', () => {
    const state = new PlayState();
    state.isPlaying = true;
    state.passes('play');
    state.onPause('normal');
    assert.deepEqual([state.passes('pause'), state.passes('pause')], [true, false]);
    state.onPlay();
    assert.equal(state.passes('play'), true);
  });
});
