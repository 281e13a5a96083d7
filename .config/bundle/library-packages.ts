import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Own: the exports maps of package.json say what is built, so that no second list can differ from them.

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A package that is published: built to ESM and declarations from the sources that its exports map names. */
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

/** `./src/cli/main.ts` is built as `cli/main`. */
const outputName = (source: string): string => source.replace(/^\.\/src\//, '').replace(/\.ts$/, '');

function readPackage(name: string): LibraryPackage {
  const folder = join(repositoryRoot, 'packages', name);
  const {
    exports = {},
    bin,
    customElements,
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const sources = Object.entries(exports).flatMap(([subpath, target]) =>
    // A pattern is for tests of this repository: nothing is built for it.
    typeof target === 'string' || subpath.includes('*') ? [] : (target['gatecast-source'] ?? []),
  );
  // bin/ runs this entry, which only the command itself may load. A package without sources has the command of another one.
  if (bin && existsSync(join(folder, 'src'))) sources.push('./src/cli.ts');
  const entries = Object.fromEntries(sources.map((source) => [outputName(source), join(folder, source)]));
  return { name, folder, entries, hasElements: customElements !== undefined };
}

const packageNames = (): string[] => readdirSync(join(repositoryRoot, 'packages')).sort();

/** The packages with an exports map of sources, in the order of their names. */
export const libraryPackages = (): LibraryPackage[] =>
  packageNames()
    .map(readPackage)
    .filter(({ entries }) => Object.keys(entries).length > 0);

/** What every build of packages is made from. */
export const packageInputs = (): string[] => [
  ...packageNames().flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]),
  ...['.config/bundle', 'vite.config.ts', 'tsconfig.json', 'package-lock.json'],
];

/** An entry that pages import and that the reference and the API reports describe. */
export interface PublicEntry {
  readonly packageName: string;
  readonly packageFolder: string;
  /** `index`, `node`, … */
  readonly entry: string;
  readonly source: string;
  /** As in an import: `@gatecast/server/node`. */
  readonly importName: string;
}

/** Entries without exports: registering a tag, and the command line. */
const silentEntries = ['define', 'cli'];

export const publicEntries = (): PublicEntry[] =>
  libraryPackages().flatMap(({ name, folder, entries }) =>
    Object.entries(entries)
      .filter(([entry]) => !silentEntries.includes(entry))
      .map(([entry, source]) => ({
        packageName: name,
        packageFolder: folder,
        entry,
        source,
        importName: `@gatecast/${name}${entry === 'index' ? '' : `/${entry}`}`,
      })),
  );
