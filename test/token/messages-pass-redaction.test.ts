import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { messagesDe as playerDe } from '@gatecast/player/internal/messages/messages-de';
import { messagesEn as playerEn } from '@gatecast/player/internal/messages/messages-en';
import { GatecastError, redactText } from '@gatecast/token';
import { messagesDe as webcasterDe } from '@gatecast/webcaster/internal/messages/messages-de';
import { messagesEn as webcasterEn } from '@gatecast/webcaster/internal/messages/messages-en';
import * as ts from 'typescript';

const packages = new URL('../../packages/', import.meta.url);

/** What fills the places of values: a name, a number, an address, an attribute and one of its values. */
const VALUES = ['demo', '401', 'https://cdn.example.com/live/demo.m3u8', 'token-placement', 'eager'];

/** The parts of a text around its values; `null` for other code. */
function partsOf(node: ts.Node): string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const [left, right] = [partsOf(node.left), partsOf(node.right)];
  if (!left && !right) return null;
  // What is joined to a text is a value, unless it is a text.
  const [first, second] = [left ?? ['', ''], right ?? ['', '']];
  return [...first.slice(0, -1), (first.at(-1) ?? '') + (second[0] ?? ''), ...second.slice(1)];
}

/** Is it the message or hint of an error, however short? */
function isErrorText({ parent }: ts.Node): boolean {
  if (ts.isNewExpression(parent)) return parent.expression.getText().endsWith('Error');
  return ts.isPropertyAssignment(parent) && /^(?:hint|message|detail|title)$/.test(parent.name.getText());
}

/** Every text in a source file that reads like a sentence or belongs to an error, with each kind of value in it. */
function sentencesOf(path: string): string[] {
  const text = readFileSync(new URL(path, packages), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const parts = partsOf(node);
    const filled = parts ? VALUES.map((value) => parts.join(value)) : [];
    const [first = ''] = filled;
    if (/\w \S+ \w/.test(first) || (parts && isErrorText(node)))
      found.push(...(parts?.length === 1 ? [first] : filled));
    // A text inside a value of another one, such as a choice between two words, is visited too.
    if (!ts.isTaggedTemplateExpression(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** One text of code, and commands, which print their texts as they are. */
const others = /^contract\/src\/start-script\.ts$|^qa\/src\/command\/|^server\/src\/cli\//;

const files = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /^[\w-]+\/src\/.*\.ts$/.test(path) && !others.test(path),
);

describe('redaction of our own texts', () => {
  const sentences = files.flatMap((path) => sentencesOf(path).map((text) => ({ path, text })));

  it('sees the messages and hints of all packages', () => {
    assert.ok(sentences.length > 500, `${sentences.length} texts`);
    assert.ok(sentences.some(({ text }) => text.startsWith('The request had no token: check its placement')));
  });

  it('sees short ones, joined ones, and those of the server', () => {
    for (const folder of ['token', 'player', 'webcaster', 'element', 'server', 'contract', 'adapters'])
      assert.ok(
        sentences.some(({ path }) => path.startsWith(`${folder}/`)),
        folder,
      );
    assert.ok(sentences.some(({ text }) => text === 'See the cause.'));
  });

  it('changes none of them', () => {
    const changed = sentences.filter(({ text }) => redactText(text) !== text);
    assert.deepEqual(
      changed.map(({ path, text }) => `${path}: ${redactText(text)}`),
      [],
    );
  });

  for (const [language, messages] of Object.entries({ playerEn, playerDe, webcasterEn, webcasterDe })) {
    it(`changes no text that viewers and broadcasters read: ${language}`, () => {
      const texts = Object.values(messages).flatMap((text) =>
        VALUES.map((value) => text.replace(/\{\w+\}/g, value)),
      );
      assert.ok(texts.length > 100);
      assert.deepEqual(
        texts.filter((text) => redactText(text) !== text),
        [],
      );
    });
  }

  it('changes no message or hint of an error that is made with such values', () => {
    for (const { text } of sentences) {
      const error = new GatecastError('source-failed', text, { hint: text, vendorCode: text });
      assert.deepEqual([error.message, error.hint, error.vendorCode], [text, text, text]);
    }
  });

  it('still hides a secret in each of them', () => {
    const secret = `eyJhbGciOiJSUzI1NiJ9.${'S3cr3t'.repeat(8)}.c2ln`;
    for (const { text } of sentences) {
      for (const longer of [
        `${text} ${secret}`,
        `${text} Bearer ${secret}`,
        `${text} token=S3cr3tS3cr3t`,
        `${text} https://a.example/x?token=S3cr3t`,
      ])
        assert.ok(!redactText(longer).includes('S3cr3t'), text);
    }
  });
});
