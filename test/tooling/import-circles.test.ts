import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCircular, parseDependencyTree } from 'dpdm';

const sources = [
  'packages/*/src/**/*.ts',
  'demo/**/*.ts',
  'test/**/*.ts',
  '.config/**/*.{js,ts}',
  'vite.config.ts',
];

const readImports = (files: string[], context = '.') =>
  // The transformation would remove type imports, which count too.
  parseDependencyTree(files, {
    context,
    transform: false,
    exclude: /node_modules|[/\\]dist[/\\]|[/\\]\.temp[/\\]/,
  });

describe('the files of the repository', () => {
  it('have no circular imports', async () => {
    const tree = await readImports(sources);
    assert.ok(tree['packages/token/src/index.ts']?.some(({ id }) => id?.endsWith('errors.ts')));
    assert.deepEqual(
      parseCircular(tree).map((files) => files.join(' > ')),
      [],
    );
  });
});
