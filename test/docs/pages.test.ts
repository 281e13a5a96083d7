import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

const root = new URL('../../', import.meta.url).pathname;

describe('HTML in the documentation and the examples', () => {
  it('has a viewport, so that a phone shows the page at its own width', () => {
    const files = ['demo/docs', 'examples', 'packages'].flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(?:md|html)$/.test(path) && !/(?:node_modules|generated|dist)\//.test(path))
        .map((path) => `${folder}/${path}`),
    );
    const pages = files.flatMap((file) =>
      [...readFileSync(root + file, 'utf8').matchAll(/<html[\s\S]*?<\/head>/g)].map(([head]) => ({
        file,
        head,
      })),
    );
    assert.ok(pages.length >= 8, `${pages.length} pages were found`);
    const narrow = pages.filter(({ head }) => !head.includes('<meta name="viewport"'));
    assert.deepEqual(
      narrow.map(({ file }) => file),
      [],
    );
  });
});
