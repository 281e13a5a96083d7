import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyAction, type KeyPlace } from '@gatecast/player/internal/overlay/skin/key-action';

const press = (key: string, place: KeyPlace = 'elsewhere', modifiers: object = {}) =>
  keyAction({ key, ctrlKey: false, altKey: false, metaKey: false, ...modifiers }, place);

describe('the keys of the player', () => {
  it('are Space and k for play and pause', () => {
    assert.deepEqual(press(' '), { kind: 'toggle-play' });
    assert.deepEqual(press('k'), { kind: 'toggle-play' });
    assert.deepEqual(press('K'), { kind: 'toggle-play' });
  });

  it('do not include Space while a button has the focus', () => {
    assert.equal(press(' ', 'button'), null);
    assert.deepEqual(press('k', 'button'), { kind: 'toggle-play' });
  });

  it('are arrows for five and letters for ten seconds of seeking', () => {
    assert.deepEqual(press('ArrowLeft'), { kind: 'seek-by', seconds: -5 });
    assert.deepEqual(press('ArrowRight'), { kind: 'seek-by', seconds: 5 });
    assert.deepEqual(press('j'), { kind: 'seek-by', seconds: -10 });
    assert.deepEqual(press('l'), { kind: 'seek-by', seconds: 10 });
  });

  it('are the up and down arrows for volume, and all arrows on the volume bar', () => {
    assert.deepEqual(press('ArrowUp'), { kind: 'volume-by', step: 0.05 });
    assert.deepEqual(press('ArrowLeft', 'volume'), { kind: 'volume-by', step: -0.05 });
  });

  it('are digits for tenths of the seekable range', () => {
    assert.deepEqual(press('0'), { kind: 'seek-to', share: 0 });
    assert.deepEqual(press('7'), { kind: 'seek-to', share: 0.7 });
  });

  it('do not include keys with a modifier and unused keys', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'])
      assert.equal(press('f', 'elsewhere', { [modifier]: true }), null);
    for (const key of ['Tab', 'Escape', 'Enter', 'x', 'toString']) assert.equal(press(key), null);
  });
});
