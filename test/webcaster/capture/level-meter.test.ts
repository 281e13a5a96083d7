import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loudness } from '@gatecast/webcaster/internal/capture/level-meter';

describe('loudness', () => {
  it('is 0 for silence and 1 for full scale', () => {
    assert.equal(loudness(new Float32Array(16)), 0);
    assert.equal(loudness(new Float32Array(16).fill(1)), 1);
  });

  it('rises linearly with the level in decibels', () => {
    const at = (decibels: number) => loudness(new Float32Array(16).fill(10 ** (decibels / 20)));
    assert.ok(Math.abs(at(-30) - 0.5) < 0.001);
    assert.ok(Math.abs(at(-15) - 0.75) < 0.001);
    assert.equal(at(-80), 0);
  });
});
