import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryPackages, repositoryRoot } from './library-packages.js';

/** The analyzer names sources; a reader of the published package has the built modules. */
const asBuiltPath = (path: string): string => path.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');

function renameModules(key: string, value: unknown): unknown {
  const isModulePath = (key === 'path' || key === 'module') && typeof value === 'string';
  return isModulePath ? asBuiltPath(value) : value;
}

/** Generates dist/custom-elements.json from the docstrings of each package that defines elements. */
export function buildElementsManifests(): void {
  const analyzer = join(repositoryRoot, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  for (const { name, folder } of libraryPackages().filter(({ hasElements }) => hasElements)) {
    const { status, stderr } = spawnSync(
      process.execPath,
      [analyzer, 'analyze', '--litelement', '--quiet', '--globs', 'src/**/*.ts', '--outdir', 'dist'],
      { cwd: folder, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`The custom-elements manifest of ${name} failed: ${stderr}`);
    const path = join(folder, 'dist/custom-elements.json');
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'), renameModules);
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
