import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { npm, packPackages, withOwnDependencies } from './pack-packages.js';
import type { PackedPackage } from './pack-packages.js';

export interface ConsumerProject {
  readonly folder: string;
}

export interface ConsumerProjectOptions {
  /** Packages of this repository to install from their tarballs. Their dependencies are added. */
  readonly packed: readonly string[];
  /** Packages of the registry, with their version ranges. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** As in `package.json`. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Other members of `package.json`. */
  readonly manifest?: object;
  /** Content of files, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Projects outside this repository, so that no import resolves into it. */
export interface ConsumerProjects {
  /** The folder that all projects are in. */
  readonly root: string;
  create(name: string, options: ConsumerProjectOptions): ConsumerProject;
  readonly packages: readonly PackedPackage[];
  /** Packages of this repository and their own ones, as dependencies of a `package.json`: tarballs by name. */
  tarballsOf(packed: readonly string[]): Record<string, string>;
  remove(): void;
}

/** The range that this repository uses, because that version is already in npm's cache. */
export function ownRange(name: string, workspace = '.'): string {
  const path = join(repositoryRoot, workspace, 'package.json');
  const { devDependencies = {}, dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  const range = devDependencies[name] ?? dependencies[name];
  if (range === undefined) throw new RangeError(`${path} has no dependency ${name}.`);
  return range;
}

/** Takes what is in npm's cache, and runs no script of a package. */
export const quietInstall = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

/** Packs the packages and creates projects that install them. */
export async function consumerProjects(): Promise<ConsumerProjects> {
  const root = mkdtempSync(join(tmpdir(), 'gatecast-consumers-'));
  const packages = await packPackages();
  const tarballOf = (name: string): string => {
    const found = packages.find((one) => one.name === name);
    if (!found) throw new RangeError(`${name} is not published.`);
    return `file:${found.tarball}`;
  };
  const tarballsOf = (packed: readonly string[]): Record<string, string> =>
    Object.fromEntries(withOwnDependencies(packed).map((one) => [one, tarballOf(one)]));
  return {
    root,
    packages,
    tarballsOf,
    create(name, { packed, dependencies = {}, scripts = {}, manifest: more = {}, files }) {
      const folder = join(root, name);
      const manifest = {
        ...more,
        name,
        private: true,
        type: 'module',
        scripts,
        dependencies: { ...tarballsOf(packed), ...dependencies },
      };
      for (const [path, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      npm(quietInstall, folder);
      return { folder };
    },
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
