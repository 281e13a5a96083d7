import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatMarkdown } from './format-markdown.js';

describe('formatMarkdown', () => {
  it('writes each table under its title, with figures to the right', () => {
    const table = { title: 'T', columns: ['', 'ms'], rows: [['a | b', 5]] };
    assert.equal(
      formatMarkdown({ tables: [table, table], aims: [], figures: {} }),
      `${Array<string>(2)
        .fill(['## T', '', '|  | ms |', '| --- | --: |', '| a \\| b | 5 |'].join('\n'))
        .join('\n\n')}\n`,
    );
  });

  it('reports for each aim whether it is met', () => {
    const aims = [
      { aim: 'fast', measured: 0.5, isMet: true },
      { aim: 'small', measured: 'no', isMet: false },
    ];
    assert.equal(
      formatMarkdown({ tables: [], aims, figures: {} }),
      '- met: fast: 0.5\n- not met: small: no\n',
    );
  });
});
