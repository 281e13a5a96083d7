import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseEngine } from '@gatecast/player/internal/engine/registry';

describe('the choice of an engine', () => {
  it('is hls.js wherever there is a media source, also where canPlayType says maybe', () => {
    assert.equal(chooseEngine('auto', { hasMediaSource: true, hasNativeHls: true }), 'hls');
  });

  it('is native HLS where there is nothing else', () => {
    assert.equal(chooseEngine('auto', { hasMediaSource: false, hasNativeHls: true }), 'native');
  });

  it('is what the page asked for', () => {
    assert.equal(chooseEngine('native', { hasMediaSource: true, hasNativeHls: true }), 'native');
  });

  it('ends in a typed error for a name that is not in the registry', () => {
    const choose = (name: string) => () =>
      chooseEngine(name as 'auto', { hasMediaSource: true, hasNativeHls: false });
    assert.throws(choose('toString'), { code: 'engine-unsupported' });
  });
});
