import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wrap } from '@gatecast/webcaster/internal/capture/substitute';

describe('wrap', () => {
  const fits = (line: string) => line.length <= 10;

  it('breaks a text between words', () => {
    assert.deepEqual(wrap('Das Bild ist gleich wieder da.', fits), ['Das Bild', 'ist gleich', 'wieder da.']);
  });

  it('keeps a word that is too long in a line of its own', () => {
    assert.deepEqual(wrap('a Verbindungsfehler b', fits), ['a', 'Verbindungsfehler', 'b']);
    assert.deepEqual(wrap('', fits), []);
  });
});
