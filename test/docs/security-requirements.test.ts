import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('demo/docs/guide/security-requirements.md', root), 'utf8');
const rows = page.split('\n').filter((line) => /^\| \d/.test(line));

/** Each `test/….test.ts` › “title”, “title” of a row. */
function citationsOf(row: string): { file: string; titles: string[] }[] {
  return [...row.matchAll(/`(test\/[^`]+)` › ((?:“[^”]+”(?:, )?)+)/g)].map(([, file = '', list = '']) => ({
    file,
    titles: [...list.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }));
}

describe('the page of security requirements', () => {
  it('names tests that exist, in files that exist', () => {
    const citations = rows.flatMap(citationsOf);
    assert.ok(citations.length > 50);
    const missing = citations.flatMap(({ file, titles }) => {
      const url = new URL(file, root);
      if (!existsSync(url)) return [file];
      const text = readFileSync(url, 'utf8');
      return titles.filter((title) => !text.includes(title)).map((title) => `${file}: ${title}`);
    });
    assert.deepEqual(missing, []);
  });

  it('says for every requirement by what it is held, or why it is not', () => {
    assert.ok(rows.length > 60);
    for (const row of rows) {
      const [, , state = '', held = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      assert.match(state, /^(?:held|partly|option|not held|not needed|your part)$/, row);
      assert.ok(held.length > 20, row);
      if (state === 'held') assert.ok(/`test\/|jose|Node\.js/.test(held), row);
    }
  });
});
