import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

const folder = new URL('../../demo/docs/adapters/', import.meta.url);
const overview = readFileSync(new URL('index.md', folder), 'utf8');

/** Lines of code in the first example below a heading, without empty ones, and what the page says of them. */
function linesBelow(page: string, heading: string): { counted: number; written: number } {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(section) ?? [];
  const counted = code.split('\n').filter((line) => line.trim() !== '').length;
  return { counted, written: Number(/^\s*(\d+) lines/.exec(section)?.[1]) };
}

describe('the pages about players of others', () => {
  const pages = readdirSync(folder).filter((file) => file !== 'index.md');

  for (const file of pages) {
    const page = readFileSync(new URL(file, folder), 'utf8');
    const before = linesBelow(page, 'Before');
    const after = linesBelow(page, 'After');

    it(`count the lines of code in ${file}`, () => {
      assert.ok(before.counted > after.counted && after.counted > 0);
      assert.deepEqual([before.written, after.written], [before.counted, after.counted]);
    });

    it(`are in the overview with the lines of ${file}`, () => {
      const row = overview.split('\n').find((line) => line.includes(`(./${file})`)) ?? '';
      const [beforeCell, afterCell] = row.split('|').slice(-3, -1).map(Number);
      assert.deepEqual([beforeCell, afterCell], [before.counted, after.counted]);
    });
  }
});
