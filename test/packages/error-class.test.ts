import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as player from '@gatecast/player';
import * as react from '@gatecast/react';
import * as token from '@gatecast/token';
import * as webcaster from '@gatecast/webcaster';
import * as ts from 'typescript';

const scriptTag = new URL('../../packages/script-tag/', import.meta.url);

/** Names of the values that a module exports. */
function exportedValues(path: string): string[] {
  const text = readFileSync(new URL(path, scriptTag), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const names: string[] = [];
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && !statement.isTypeOnly)
      ts.forEachChild(statement.exportClause, (each) => {
        if (ts.isExportSpecifier(each) && !each.isTypeOnly) names.push(each.name.text);
      });
    const isDeclared = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    if (isDeclared && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      names.push(statement.name?.text ?? '');
  }
  return names.sort();
}

const membersOf = (error: Error | undefined) =>
  Object.fromEntries(
    ['message', 'cause', ...Object.keys(error ?? {})]
      .sort()
      .map((key) => [key, Reflect.get(error ?? {}, key)]),
  );

describe('GatecastError', () => {
  it('is the same class from every package that pages import', () => {
    for (const { GatecastError } of [player, webcaster, react])
      assert.equal(GatecastError, token.GatecastError);
  });

  it('is exported by gatecast.js and its module for servers', () => {
    const names = exportedValues('src/gatecast.ts');
    assert.ok(names.includes('GatecastError'));
    assert.deepEqual(exportedValues('server.js'), names);
  });

  it('has the same members on a server', async () => {
    const { GatecastError } = (await import(new URL('server.js', scriptTag).href)) as typeof token;
    const options = {
      hint: 'Sign in.',
      status: 401,
      retryAfterMs: 5,
      vendorCode: 7,
      reason: 'Sold out.',
      cause: 'why',
    };
    const [own, other] = [GatecastError, token.GatecastError].map(
      (each) => new each('token-refused', 'Refused.', options),
    );
    assert.ok(own instanceof Error);
    assert.deepEqual(membersOf(own), membersOf(other));
    assert.equal(JSON.stringify(own), JSON.stringify(other));
    assert.ok(!('cause' in new GatecastError('token-refused', 'Refused.', { hint: '' })));
  });
});
