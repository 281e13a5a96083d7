import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { formatReport } from './format-report.js';

describe('formatReport', () => {
  it('aligns names to the left and figures to the right', () => {
    const rows = [
      ['one', 5],
      ['eleven', 1200],
    ];
    const text = formatReport({ tables: [{ title: 'T', columns: ['', 'ms'], rows }], aims: [], figures: {} });
    assert.equal(text, ['T', '          ms', '------------', 'one        5', 'eleven  1200'].join('\n'));
  });

  it('reports for each aim whether it is met', () => {
    const aims = [
      { aim: 'fast', measured: 0.5, isMet: true },
      { aim: 'small', measured: 'no', isMet: false },
    ];
    assert.equal(formatReport({ tables: [], aims, figures: {} }), '✓ fast: 0.5\n✗ small: no');
  });
});
