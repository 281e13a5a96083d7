import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseEngines } from '@gatecast/player/internal/engine/registry';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const all = { hasMediaSource: true, hasNativeHls: true, hasWebRtc: true };
const resolve = (hls: string, whep: string) => resolveSource({ hls, whep }, 'https://page.example/');
const hls = resolve('/live/a.m3u8', '');
const whep = resolve('', '/whep/a');
const both = resolve('/live/a.m3u8', '/whep/a');

describe('the choice of an engine', () => {
  it('is hls.js where the browser has a media source, also if it plays HLS natively', () => {
    assert.deepEqual(chooseEngines('auto', all, hls), ['hls']);
  });

  it('is native HLS where the browser has no media source', () => {
    assert.deepEqual(chooseEngines('auto', { ...all, hasMediaSource: false }, hls), ['native']);
  });

  it('is the engine that the page has set', () => {
    for (const name of ['native', 'whep', 'hls'] as const)
      assert.deepEqual(chooseEngines(name, all, both), [name]);
  });

  it('is WHEP with HLS behind it where the source has both and the browser has WebRTC', () => {
    assert.deepEqual(chooseEngines('auto', all, both), ['whep', 'hls']);
    assert.deepEqual(chooseEngines('auto', { ...all, hasMediaSource: false }, both), ['whep', 'native']);
    assert.deepEqual(chooseEngines('auto', { ...all, hasWebRtc: false }, both), ['hls']);
    assert.deepEqual(chooseEngines('auto', all, whep), ['whep']);
  });

  it('is an HLS player for a source that none can play', () => {
    const entries = resolveSource({ bintu: { streamid: 'a' } }, 'https://page.example/');
    assert.deepEqual(chooseEngines('auto', all, entries), ['hls']);
    assert.deepEqual(chooseEngines('auto', { ...all, hasWebRtc: false }, whep), ['hls']);
  });

  it('fails with a typed error for a name that is not in the registry', () => {
    assert.throws(() => chooseEngines('toString' as 'auto', all, hls), { code: 'option-invalid' });
  });
});
