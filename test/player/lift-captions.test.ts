import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineAbove, rowsOf } from '@gatecast/player/internal/overlay/skin/captions/lift-captions';

describe('the place of captions above the control bar', () => {
  it('is so many lines from the bottom as the bar covers, and the cue has', () => {
    assert.equal(lineAbove(70, 24, 1), -4);
    assert.equal(lineAbove(72, 24, 2), -5);
    assert.equal(lineAbove(1, 24, 1), -2);
    // Before the player has a size.
    assert.equal(lineAbove(3, 0, 1), -4);
  });

  it('counts the lines of a cue, also those that the browser breaks', () => {
    assert.equal(rowsOf('one', 400, 20), 1);
    assert.equal(rowsOf('one\ntwo', 400, 20), 2);
    assert.equal(rowsOf('x'.repeat(41), 400, 20), 2);
    assert.equal(rowsOf('<v Ann><i>short</i></v>', 100, 20), 1);
    assert.equal(rowsOf('', 0, 0), 1);
  });

  it('reads a long hostile text in linear time', () => {
    assert.equal(rowsOf('<'.repeat(200_000), 1e9, 1), 1);
  });
});
