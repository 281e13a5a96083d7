import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readDecodeTime, readTracks } from '@gatecast/player/internal/media/read-fmp4';
import { readFragment, splitFragmentedFile } from '../../demo/backend/live-origin/fragment.js';
import { readTracks as readTracksOfDemo } from '../../demo/backend/live-origin/init-segment.js';

const { init, fragments } = splitFragmentedFile(
  readFileSync(new URL('../../demo/clip/low.mp4', import.meta.url)),
);

/** A copy with a buffer of its own, as a response has it. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

describe('an init segment', () => {
  it('has the tracks that the demo reads with code of its own', () => {
    const expected = readTracksOfDemo(init).map(({ trackId, timescale, kind, codec }) => ({
      id: trackId,
      timescale,
      handler: kind === 'video' ? 'vide' : 'soun',
      entry: codec.slice(0, 4),
    }));
    assert.equal(expected.length, 2);
    assert.deepEqual(readTracks(bufferOf(init)), expected);
  });

  it('has no tracks when it is cut anywhere', () => {
    for (let length = 0; length < init.length; length += 7)
      assert.deepEqual(readTracks(bufferOf(init.subarray(0, length))), []);
  });

  it('has no tracks when it is other bytes', () => {
    assert.deepEqual(readTracks(new TextEncoder().encode('<!doctype html><title>404</title>').buffer), []);
  });
});

describe('a segment', () => {
  const tracks = readTracks(bufferOf(init));

  it('begins with the earliest decode time of its tracks', () => {
    for (const fragment of fragments) {
      const times = readFragment(fragment).map(({ trackId, samples }) => {
        const timescale = tracks.find(({ id }) => id === trackId)?.timescale ?? NaN;
        return (samples[0]?.decodeTime ?? NaN) / timescale;
      });
      assert.equal(readDecodeTime(bufferOf(fragment), tracks), Math.min(...times));
    }
  });

  it('has no decode time of tracks that the init segment does not have', () => {
    const [fragment = new Uint8Array()] = fragments;
    assert.equal(readDecodeTime(bufferOf(fragment), []), null);
  });

  it('has no decode time when it ends before its boxes do', () => {
    const [fragment = new Uint8Array()] = fragments;
    assert.equal(readDecodeTime(bufferOf(fragment.subarray(0, 40)), tracks), null);
  });
});
