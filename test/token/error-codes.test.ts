import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (path: string) => readFileSync(new URL(`../../packages/token/${path}`, import.meta.url), 'utf8');

describe('ERRORS.md', () => {
  it('has a heading for each error code, and for no other', () => {
    const source = read('src/errors.ts');
    const unions = source.slice(0, source.indexOf('export type ErrorCode'));
    const codes = [...unions.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    const headings = [...read('ERRORS.md').matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
    assert.ok(codes.length > 40);
    assert.deepEqual([...headings].sort(), [...codes].sort());
  });
});
