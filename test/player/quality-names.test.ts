import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rendition } from '@gatecast/player';
import { nameQuality } from '@gatecast/player/internal/overlay/skin/wire-menus';

const rendition = (details: Partial<Rendition>): Rendition => ({
  index: 0,
  label: '',
  bitrateKbps: null,
  width: null,
  height: null,
  framerate: null,
  stream: 's',
  ...details,
});

const names = (...all: Rendition[]): string[] => all.map((each) => nameQuality(each, all));

describe('the names of qualities', () => {
  it('are heights where those differ', () => {
    assert.deepEqual(names(rendition({ width: 1280, height: 720 }), rendition({ width: 640, height: 360 })), [
      '720p',
      '360p',
    ]);
  });

  it('include the bitrate where heights are the same', () => {
    const all = [rendition({ height: 720, bitrateKbps: 2500 }), rendition({ height: 720, bitrateKbps: 800 })];
    assert.deepEqual(names(...all), ['720p · 2.5 Mbit/s', '720p · 800 kbit/s']);
  });

  it('use the width of a portrait video', () => {
    assert.deepEqual(names(rendition({ width: 720, height: 1280 })), ['720p']);
  });

  it('are labels, bitrates or numbers without a height', () => {
    assert.deepEqual(names(rendition({ label: 'best' })), ['best']);
    assert.deepEqual(names(rendition({ bitrateKbps: 400 })), ['400 kbit/s']);
    assert.deepEqual(names(rendition({ index: 1 })), ['#2']);
  });
});
