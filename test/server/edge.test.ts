import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../packages/server/src/', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../packages/contract/src/index.ts', import.meta.url));
const IMPORT = /^(?:import|export)(?! type)[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm;

/** What Node 20 has and edge-runtime 4 or workerd lacks. */
const ABSENT_ON_EDGE = /\b(?:AbortSignal\.any|Object\.groupBy|Promise\.withResolvers|setImmediate)\(/;

/** Code of a file without its docstrings. */
function codeOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*\*.*?\*\//gs, '');
}

/** Everything that a file imports at run time: own files and the names of packages. */
function reach(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [resolve(SOURCE, entry)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const [, fixed, dynamic] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const source = fixed ?? dynamic ?? '';
      if (source.startsWith('.')) open.push(resolve(dirname(path), source.replace(/\.js$/, '.ts')));
      else if (source === '@gatecast/contract') open.push(CONTRACT);
      else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? source);
    }
  }
  return { files, packages };
}

describe('entries of @gatecast/server', () => {
  it('the root uses no Node API and only libraries that run on edge runtimes', () => {
    const { files, packages } = reach('index.ts');
    assert.ok(files.size > 30, 'the walk over the imports found too little');
    assert.deepEqual([...packages].sort(), ['@noble/hashes', 'ipaddr.js', 'jose', 'valibot']);
    for (const path of files) {
      const text = codeOf(path);
      assert.doesNotMatch(text, /\b(?:Buffer\.|process\.|__dirname|require\()/, path.slice(SOURCE.length));
      assert.ok(!ABSENT_ON_EDGE.test(text), path.slice(SOURCE.length));
    }
  });

  it('the root never calls fetch as a method of another object, which workerd refuses', () => {
    for (const path of reach('index.ts').files) {
      assert.doesNotMatch(
        readFileSync(path, 'utf8'),
        /(?:[oO]ptions|this)\.fetch\(/,
        path.slice(SOURCE.length),
      );
    }
  });

  it('./node does not import ioredis unless a store is configured', () => {
    const { files } = reach('node.ts');
    const fixed = [...files].filter((path) =>
      /^import(?! type)[^;]*from 'ioredis'/m.test(readFileSync(path, 'utf8')),
    );
    assert.deepEqual(fixed, []);
  });
});
