import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { redactText } from '@gatecast/token';
import * as ts from 'typescript';

const packages = new URL('../../packages/', import.meta.url);

/** Every text in a source file that reads like a sentence, with a word for each value in it. */
function sentencesOf(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(new URL(path, packages), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('demo'));
    if (!ts.isTaggedTemplateExpression(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return found.filter((text) => /\w \S+ \w/.test(text));
}

/** One text of code. */
const script = 'contract/src/start-script.ts';

const files = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /^[\w-]+\/src\/.*\.ts$/.test(path) && path !== script,
);

describe('redaction of our own texts', () => {
  const sentences = files.flatMap((path) => sentencesOf(path).map((text) => ({ path, text })));

  it('sees the messages and hints of all packages', () => {
    assert.ok(sentences.length > 500, `${sentences.length} texts`);
    assert.ok(
      sentences.some(({ text }) => text.startsWith('The request had no token: check token-placement')),
    );
  });

  it('changes none of them', () => {
    const changed = sentences.filter(({ text }) => redactText(text) !== text);
    assert.deepEqual(
      changed.map(({ path, text }) => `${path}: ${redactText(text)}`),
      [],
    );
  });
});
