import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeElementsManifest } from './complete-elements-manifest.js';
import type { ElementClass } from './complete-elements-manifest.js';
import { isElementsManifest } from './elements-manifest.js';
import type { ElementsManifest } from './elements-manifest.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';
import type { LibraryPackage } from './library-packages.js';

/** The analyzer names sources; a reader of the published package has the built modules. */
const asBuiltPath = (path: string): string => path.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');

function renameModules(key: string, value: unknown): unknown {
  const isModulePath = (key === 'path' || key === 'module') && typeof value === 'string';
  return isModulePath ? asBuiltPath(value) : value;
}

function analyze({ name, folder }: LibraryPackage): ElementsManifest {
  const analyzer = join(repositoryRoot, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  const { status, stderr } = spawnSync(
    process.execPath,
    [analyzer, 'analyze', '--litelement', '--quiet', '--globs', 'src/**/*.ts', '--outdir', 'dist'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The custom-elements manifest of ${name} failed: ${stderr}`);
  const text = readFileSync(join(folder, 'dist/custom-elements.json'), 'utf8');
  const manifest: unknown = JSON.parse(text, renameModules);
  if (!isElementsManifest(manifest)) throw new TypeError(`The analyzer wrote no manifest for ${name}.`);
  return manifest;
}

const isElementClass = (value: unknown): value is ElementClass =>
  typeof value === 'function' && 'observedAttributes' in value && 'elementProperties' in value;

/** The element classes that a package exports, read from its sources. */
async function elementClasses({ entries }: LibraryPackage): Promise<Map<string, ElementClass>> {
  const module = (await import(entries['index'] ?? '')) as Readonly<Record<string, unknown>>;
  return new Map(
    Object.entries(module).flatMap(([name, value]) =>
      isElementClass(value) ? [[name, value] as const] : [],
    ),
  );
}

/** Generates dist/custom-elements.json of a package that defines elements, and gives it back. */
export async function buildElementsManifest(library: LibraryPackage): Promise<ElementsManifest> {
  const manifest = completeElementsManifest(analyze(library), await elementClasses(library));
  writeFileSync(join(library.folder, 'dist/custom-elements.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** The packages that define elements. */
export const elementPackages = (): LibraryPackage[] =>
  libraryPackages().filter(({ hasElements }) => hasElements);
