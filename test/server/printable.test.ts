import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { printable, printableLines } from '@gatecast/server';
import { createPinoLogger } from '@gatecast/server/node';
import fc from 'fast-check';
import { RequestLog } from '../../demo/backend/http/request-log.js';
import { runCli } from './support/gatecast-cli.js';

/** Characters that control a terminal, reorder a line, end one, or are not visible. */
const HOSTILE: Record<string, string> = {
  'an escape sequence': '\u001b[2J\u001b]0;title\u0007',
  'a carriage return': '\r',
  'a C1 control': '\u009b31m',
  'a delete character': '\u007f',
  'a right-to-left override': '\u202e',
  'a bidirectional isolate': '\u2067\u2069',
  'a right-to-left mark': '\u200f\u061c',
  'a line separator': '\u2028',
  'a paragraph separator': '\u2029',
  'a zero-width space': '\u200b\ufeff',
  'a lone surrogate': '\ud800',
  'a tag character': '\u{e0041}',
};
const ALL = Object.values(HOSTILE).join('');
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function jwt(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', ...header })}.${part(claims)}.c2ln`;
}

const inspect = (token: string) => runCli(['token', 'inspect'], { stdin: token });

describe('printable', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`escapes ${name}`, () => {
      assert.doesNotMatch(printable(`a${text}b`), UNPRINTABLE);
      assert.equal(JSON.parse(`"${printable(`a${text}b`)}"`), `a${text}b`);
    });
  }

  it('leaves text of all languages as it is', () => {
    const text = 'Zürich, 東京, שלום, 😀 \\ "quoted" — 100 %';
    assert.equal(printable(text), text);
    assert.equal(printableLines(text), text);
  });

  it('escapes line feeds and tabs, which only text of several lines keeps', () => {
    assert.equal(printable('a\n\tb'), 'a\\u000a\\u0009b');
    assert.equal(printableLines('a\n\tb\r'), 'a\n\tb\\u000d');
  });

  it('keeps the meaning of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const json = JSON.stringify({ value, text }, null, 2);
        const shown = printableLines(json);
        assert.deepEqual(JSON.parse(shown), JSON.parse(json));
        assert.doesNotMatch(shown.replaceAll('\n', ''), UNPRINTABLE);
      }),
    );
  });
});

describe('the command line prints nothing that controls a terminal', () => {
  it('from names and values of claims and headers', async () => {
    const token = jwt({ [ALL]: ALL, nested: { [ALL]: [ALL] }, sub: ALL }, { [ALL]: ALL, alg: `HS${ALL}` });
    const { out, err } = await inspect(token);
    assert.match(out, /\\u202e/);
    assert.match(err, /\\u001b/);
    for (const text of [out, err]) assert.doesNotMatch(text.replaceAll('\n', ''), UNPRINTABLE);
  });

  it('from a claim name with a line feed, which stays one line', async () => {
    const plain = await inspect(jwt({ a: 1 }));
    const hostile = await inspect(jwt({ 'a\n  exp: never': 1 }));
    assert.equal(hostile.out.split('\n').length, plain.out.split('\n').length);
  });

  it('from arguments and unknown commands that it quotes', async () => {
    for (const args of [[`a${ALL.replaceAll('\0', '')}`], ['token', 'inspect', '--file', `/no/${ALL}`]]) {
      const { out, err } = await runCli(args);
      assert.ok(err.length > 0);
      assert.doesNotMatch((out + err).replaceAll('\n', ''), UNPRINTABLE);
    }
  });
});

describe('log lines', () => {
  it('contain nothing that controls a terminal, and keep their values', () => {
    const lines: string[] = [];
    const logger = createPinoLogger('info', { write: (line: string) => void lines.push(line) });
    logger.info({ user: ALL, [ALL]: 1 }, ALL);
    const [line = ''] = lines;
    assert.ok(line.endsWith('\n'));
    assert.doesNotMatch(line.slice(0, -1), UNPRINTABLE);
    const read = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual([read['user'], read['msg']], [ALL, ALL]);
  });

  it('of the demo’s request log show texts from outside as they are', () => {
    const log = new RequestLog();
    log.add({
      atMs: 1,
      method: 'POST',
      path: `/live/${ALL}`,
      query: ALL,
      kind: 'token',
      status: 200,
      durationMs: 1,
      bytes: 1,
      streams: [ALL],
      reason: ALL,
      tokenStream: ALL,
    });
    const [entry] = log.since(0);
    assert.ok(entry);
    for (const value of Object.values(entry).flat()) assert.doesNotMatch(String(value), UNPRINTABLE);
    assert.equal(entry.status, 200);
  });
});
