import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyAction, type KeyPlace } from '@gatecast/player/internal/overlay/skin/key-action';

const press = (key: string, place: KeyPlace = 'elsewhere', modifiers: object = {}) =>
  keyAction({ key, ctrlKey: false, altKey: false, metaKey: false, ...modifiers }, place);

describe('the keys of the player', () => {
  it('play and pause by space and k', () => {
    assert.deepEqual(press(' '), { kind: 'toggle-play' });
    assert.deepEqual(press('k'), { kind: 'toggle-play' });
    assert.deepEqual(press('K'), { kind: 'toggle-play' });
  });

  it('leave space to a button that has the focus, and nothing else', () => {
    assert.equal(press(' ', 'button'), null);
    assert.deepEqual(press('k', 'button'), { kind: 'toggle-play' });
  });

  it('wind by five and by ten seconds', () => {
    assert.deepEqual(press('ArrowLeft'), { kind: 'seek-by', seconds: -5 });
    assert.deepEqual(press('ArrowRight'), { kind: 'seek-by', seconds: 5 });
    assert.deepEqual(press('j'), { kind: 'seek-by', seconds: -10 });
    assert.deepEqual(press('l'), { kind: 'seek-by', seconds: 10 });
  });

  it('turn the volume by the arrows up and down, on the volume bar by all', () => {
    assert.deepEqual(press('ArrowUp'), { kind: 'volume-by', step: 0.05 });
    assert.deepEqual(press('ArrowLeft', 'volume'), { kind: 'volume-by', step: -0.05 });
  });

  it('jump to tenths by digits', () => {
    assert.deepEqual(press('0'), { kind: 'seek-to', share: 0 });
    assert.deepEqual(press('7'), { kind: 'seek-to', share: 0.7 });
  });

  it('are the page’s own with a modifier, and where the player has no use for them', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'])
      assert.equal(press('f', 'elsewhere', { [modifier]: true }), null);
    for (const key of ['Tab', 'Escape', 'Enter', 'x', 'toString']) assert.equal(press(key), null);
  });
});
