import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseEngine } from '@gatecast/player/internal/engine/registry';

describe('the choice of an engine', () => {
  it('is hls.js where the browser has a media source, also if it plays HLS natively', () => {
    assert.equal(chooseEngine('auto', { hasMediaSource: true, hasNativeHls: true }), 'hls');
  });

  it('is native HLS where the browser has no media source', () => {
    assert.equal(chooseEngine('auto', { hasMediaSource: false, hasNativeHls: true }), 'native');
  });

  it('is the engine that the page has set', () => {
    assert.equal(chooseEngine('native', { hasMediaSource: true, hasNativeHls: true }), 'native');
  });

  it('fails with a typed error for a name that is not in the registry', () => {
    const choose = (name: string) => () =>
      chooseEngine(name as 'auto', { hasMediaSource: true, hasNativeHls: false });
    assert.throws(choose('toString'), { code: 'option-invalid' });
  });
});
