import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A package that is published: built to ESM and declarations from the sources its exports map names. */
export interface LibraryPackage {
  /** Folder name under packages/, also the name of its build. */
  readonly name: string;
  readonly folder: string;
  /** Output name without extension to source file: `{ index: '/…/src/index.ts' }`. */
  readonly entries: Readonly<Record<string, string>>;
  readonly hasElements: boolean;
}

interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly customElements?: string;
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'name' in value;
}

function readManifest(folder: string): Manifest {
  const path = join(folder, 'package.json');
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isManifest(manifest)) throw new TypeError(`${path} is not a package manifest.`);
  return manifest;
}

/** `./src/cli/main.ts` is built as `cli/main`. */
const outputName = (source: string): string => source.replace(/^\.\/src\//, '').replace(/\.ts$/, '');

function entriesOf(folder: string, { exports = {}, bin }: Manifest): Record<string, string> {
  // A pattern opens sources to this repository's own tests; nothing is built for it.
  const named = Object.entries(exports).filter(([subpath]) => !subpath.includes('*'));
  const exported = named.flatMap(([, target]) =>
    typeof target === 'string' ? [] : [target['gatecast-source'] ?? ''],
  );
  // bin/ runs this entry, which only the command itself may load.
  const commands = bin === undefined ? [] : ['./src/cli.ts'];
  const sources = [...exported, ...commands].filter((source) => source !== '');
  return Object.fromEntries(sources.map((source) => [outputName(source), join(folder, source)]));
}

/** The packages with an exports map, in the order of their names. */
export function libraryPackages(): LibraryPackage[] {
  const packagesFolder = join(repositoryRoot, 'packages');
  return readdirSync(packagesFolder)
    .sort()
    .filter((name) => existsSync(join(packagesFolder, name, 'package.json')))
    .map((name) => {
      const folder = join(packagesFolder, name);
      const manifest = readManifest(folder);
      const entries = entriesOf(folder, manifest);
      return { name, folder, entries, hasElements: manifest.customElements !== undefined };
    })
    .filter(({ entries }) => Object.keys(entries).length > 0);
}
