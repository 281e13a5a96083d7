import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOverlays } from '@gatecast/webcaster/internal/composition/overlay';

describe('readOverlays', () => {
  it('reads one overlay or several, with their defaults', () => {
    assert.deepEqual(readOverlays(null), []);
    assert.deepEqual(readOverlays({ text: 'Ada' }), [
      { content: { text: 'Ada' }, position: 'bottom-left', opacity: 1, size: 5 },
    ]);
    assert.deepEqual(
      readOverlays([{ image: '/logo.png' }, { text: '', position: 'top', opacity: 0.5, size: 8 }]),
      [
        { content: { image: '/logo.png' }, position: 'top-right', opacity: 1, size: 15 },
        { content: { text: '' }, position: 'top', opacity: 0.5, size: 8 },
      ],
    );
  });

  it('refuses anything else with a typed error and a hint', () => {
    const wrong = [
      'text',
      7,
      [null],
      {},
      { text: 'a', image: 'b' },
      { text: 7 },
      { text: 'x'.repeat(501) },
      { image: '' },
      { image: {} },
      { text: 'a', position: 'middle' },
      { text: 'a', opacity: 2 },
      { text: 'a', opacity: NaN },
      { text: 'a', size: 0 },
      Array.from({ length: 21 }, () => ({ text: 'a' })),
    ];
    for (const value of wrong)
      assert.throws(
        () => readOverlays(value),
        { code: 'settings-invalid', hint: /.+/ },
        JSON.stringify(value),
      );
  });
});
