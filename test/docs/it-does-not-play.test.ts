import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { caseNames } from '@gatecast/qa';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const page = read('demo/docs/guide/it-does-not-play.md');
const errors = read('packages/token/ERRORS.md');
const headings = new Map(
  errors
    .split(/^## /m)
    .slice(1)
    .flatMap((part) =>
      [...part.matchAll(/^### `([a-z-]+)`$/gm)].map(
        ([, code = '']) => [code, part.split('\n', 1)[0]] as const,
      ),
    ),
);
const named = new Set(
  [...page.matchAll(/\[`([a-z-]+)`\]\(\.\.\/reference\/errors\.md#([a-z-]+)\)/g)].map(([, code]) => code),
);

/** Codes whose own message leads on, in the errors of playback and tokens. */
const elsewhere = new Set([
  // Their hint names the one thing to change.
  ...['source-origin-not-allowed', 'token-source-failed', 'token-stream-missing', 'token-unbound'],
  ...['source-too-large', 'token-response-too-large', 'vendor-script-failed'],
  // The status is in the message, and the log of the endpoint has the reason.
  'token-endpoint-failed',
  // A media request waited for a request that has an error of its own.
  'token-timeout',
]);

describe('the page “It does not play”', () => {
  it('names only error codes that exist, each with a link to its own heading', () => {
    assert.ok(named.size > 20);
    const links = [...page.matchAll(/\[`([a-z-]+)`\]\(\.\.\/reference\/errors\.md(#[a-z-]+)?\)/g)];
    for (const [, code = '', anchor] of links) {
      assert.ok(headings.has(code), code);
      assert.equal(anchor, `#${code}`);
    }
  });

  it('has a row for each code of tokens and playback, apart from those that explain themselves', () => {
    const codes = [...headings].filter(([, part]) => part !== 'Broadcast').map(([code]) => code);
    assert.deepEqual(
      codes.filter((code) => named.has(code) === elsewhere.has(code)),
      [],
    );
  });

  it('names cases that the command has, and every member of diagnostics()', () => {
    const section = page.slice(page.indexOf('## Make it happen again'));
    const cases = [...section.matchAll(/--case ([a-z-]+)/g)].map(([, name = '']) => name);
    assert.ok(cases.length > 3);
    assert.deepEqual(
      cases.filter((name) => !caseNames.includes(name)),
      [],
    );
    const source = read('packages/player/src/element/player-session.ts');
    const [, body = ''] = /diagnostics\(\)[^{]*\{\s*return redact\(\{([\s\S]*?)\}\) as/.exec(source) ?? [];
    const members = [...body.matchAll(/^\s+(\w+):/gm)].map(([, name = '']) => name);
    assert.ok(members.length > 5);
    const described = page.slice(
      page.indexOf('## Read diagnostics()'),
      page.indexOf('## Make it happen again'),
    );
    assert.deepEqual(
      members.filter((name) => !new RegExp(`\`${name}[.\`]`).test(described)),
      [],
    );
  });
});
