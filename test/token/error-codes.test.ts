import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

const packages = new URL('../../packages/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, packages), 'utf8');

/** A message with `…` for each value in it, from source text or from the page. */
const withoutValues = (text: string): string =>
  text.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll('(HTTP …)', '…');

/** The messages that the page quotes, by error code. */
function quotedMessages(page: string): [code: string, message: string][] {
  return [...page.matchAll(/^### `([a-z-]+)`\n\n> (.+)$/gm)].map(([, code = '', message = '']) => [
    code,
    message,
  ]);
}

const sources = ['adapters', 'element', 'player', 'token', 'webcaster'].flatMap((name) =>
  readdirSync(new URL(`${name}/src/`, packages), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => withoutValues(read(`${name}/src/${path}`))),
);

describe('ERRORS.md', () => {
  it('has a heading for each error code, and for no other', () => {
    const source = read('token/src/errors.ts');
    const unions = source.slice(0, source.indexOf('export type ErrorCode'));
    const codes = [...unions.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    const headings = [...read('token/ERRORS.md').matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
    assert.ok(codes.length > 40);
    assert.deepEqual([...headings].sort(), [...codes].sort());
  });

  const quoted = quotedMessages(read('token/ERRORS.md'));

  it('quotes a message of most codes', () => {
    assert.ok(quoted.length > 30);
  });

  for (const [code, message] of quoted) {
    it(`quotes ${code} as the source has it`, () => {
      // The subject of a message may be written apart from the rest of it.
      const text = withoutValues(message).replace(/^… /, '');
      assert.ok(
        sources.some((source) => source.includes(`'${code}'`) && source.includes(text)),
        `No file with the code "${code}" has the message: ${message}`,
      );
    });
  }
});
