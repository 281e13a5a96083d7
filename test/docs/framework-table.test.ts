import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { namedCodeBlocks } from './support/code-blocks.js';

const page = 'quick-start/frameworks.md';

describe('the table of the page about frameworks', () => {
  it('counts the lines of each first example', () => {
    const text = readFileSync(new URL(`../../demo/docs/${page}`, import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\|.*\| (\d+), `([\w.-]+)` +\|.*$/gm)];
    assert.ok(rows.length >= 5, `${rows.length} rows were found`);
    const blocks = namedCodeBlocks(page);
    const counted = rows.map(([, , name = '']) => {
      const lines = (blocks.get(name) ?? '').split('\n').filter((line) => line.trim() !== '');
      return [name, lines.length];
    });
    assert.deepEqual(
      rows.map(([, lines, name]) => [name, Number(lines)]),
      counted,
    );
  });
});
