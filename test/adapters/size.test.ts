import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'vite';
import { libraryPackages, repositoryRoot } from '../../.config/bundle/library-packages.js';

/** At most this comes to a page beside the token client and the player that it has. */
const BUDGET_BYTES = 3000;

const folder = mkdtempSync(join(tmpdir(), 'gatecast-adapters-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const adapters = libraryPackages().find(({ name }) => name === 'adapters');
const subpaths = Object.entries(adapters?.entries ?? {}).filter(([entry]) => entry !== 'index');

/** A page's bundle of one subpath: its code, and what it imports of others. */
async function bundle(entry: string): Promise<{ code: string; imports: string[] }> {
  const page = join(folder, 'page.js');
  writeFileSync(page, `export { withTokens } from ${JSON.stringify(entry)};`);
  const result = await build({
    configFile: false,
    root: repositoryRoot,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: page, formats: ['es'] },
      rolldownOptions: {
        external: (id) => !/^[./\0]/.test(id),
        output: { minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } } },
      },
    },
  });
  const [output] = [result].flat();
  assert.ok(output && 'output' in output);
  const chunks = new Map(
    output.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  );
  // With what is imported at once, and without what is loaded on demand.
  const loaded = new Set([...chunks.values()].filter(({ isEntry }) => isEntry));
  for (const { imports } of loaded)
    for (const name of imports) {
      const chunk = chunks.get(name);
      if (chunk) loaded.add(chunk);
    }
  const all = [...chunks.values()].flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  return {
    code: [...loaded].map(({ code }) => code).join('\n'),
    imports: all.filter((name) => !chunks.has(name)),
  };
}

describe('the size of @gatecast/adapters', () => {
  for (const [entry, source] of subpaths) {
    it(`is at most ${String(BUDGET_BYTES)} bytes of brotli beside the token client for ./${entry}`, async (context) => {
      const { code } = await bundle(source);
      const { length } = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
      context.diagnostic(`${entry}: ${String(length)} bytes brotli`);
      assert.ok(length <= BUDGET_BYTES, `${entry} has ${String(length)} bytes`);
    });

    it(`has no code of a player in ./${entry}`, async () => {
      const { imports } = await bundle(source);
      assert.deepEqual(
        [...new Set(imports)].filter((name) => !name.startsWith('@gatecast/')),
        [],
      );
    });
  }

  it('is measured for each subpath in its exports', () => {
    const { exports } = JSON.parse(
      readFileSync(join(repositoryRoot, 'packages/adapters/package.json'), 'utf8'),
    ) as { exports: Record<string, unknown> };
    const named = Object.keys(exports).filter((path) => !/^\.$|\*|json$/.test(path));
    assert.deepEqual(subpaths.map(([entry]) => `./${entry}`).sort(), named.sort());
  });
});
