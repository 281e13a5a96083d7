import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import type { ConsumerProject, ConsumerProjects } from './consumer-project.js';

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Folders that a build or an install creates in the example itself. */
const isOutput = (path: string): boolean => /^(?:node_modules|dist|out|\.next)(?:\/|$)/.test(path);

/** Copies `examples/<name>`, adds `files` and installs the packed packages. */
export function createExampleProject(
  projects: ConsumerProjects,
  name: string,
  extra: {
    readonly packed?: readonly string[];
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): ConsumerProject {
  const folder = join(repositoryRoot, 'examples', name);
  const { scripts = {}, dependencies = {}, devDependencies = {} } = readManifest(folder);
  const all = Object.entries({ ...dependencies, ...devDependencies });
  const isOwn = (one: string): boolean => one.startsWith('@gatecast/');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !isOutput(path) && path !== 'package.json' && path !== 'package-lock.json')
    .map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const);
  return projects.create(name, {
    packed: [...all.map(([one]) => one).filter(isOwn), ...(extra.packed ?? [])],
    dependencies: { ...Object.fromEntries(all.filter(([one]) => !isOwn(one))), ...extra.dependencies },
    scripts,
    files: { ...Object.fromEntries(files), ...extra.files },
  });
}
