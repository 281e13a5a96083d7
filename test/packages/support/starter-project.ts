import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quietInstall } from './consumer-project.js';
import type { ConsumerProjects } from './consumer-project.js';
import { npmInBackground } from './pack-packages.js';

/** A project as the starter of an ecosystem makes it, with the lines of the documentation. */
export interface Starter {
  /** The folder, which is also the name of the project. */
  readonly name: string;
  /**
   * The starter with its exact version, and its arguments: `['create-vite@9.3.0', 'create-vite', 'react-ts', …]`.
   * It runs beside the other projects, and must create the folder `name`. Without it, `files` are all of the starter: for
   * those that copy their template from elsewhere than the registry.
   */
  readonly command?: readonly [pinned: string, ...command: string[]];
  /** Content of files that the reader writes, by path. Functions change what the starter wrote. */
  readonly files: Readonly<Record<string, string | ((text: string) => string)>>;
  /** Packages of the registry that the documentation tells to install. */
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Runs a starter, and writes the reader's files. Installs nothing. */
export async function createStarter(
  root: string,
  { name, command, files, dependencies = {} }: Starter,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  if (command) {
    const [pinned, ...program] = command;
    if (!/.@\d+\.\d+\.\d+$/.test(pinned)) throw new RangeError(`${pinned} has no exact version.`);
    const args = ['exec', '--yes', '--prefer-offline', `--package=${pinned}`, '--', ...program];
    await npmInBackground(args, root, env);
  }
  const folder = join(root, name);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : content(readFileSync(file, 'utf8')));
  }
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  const own = { ...manifest['dependencies'], ...dependencies };
  writeFileSync(path, JSON.stringify({ ...manifest, name, dependencies: own }, null, 2));
  return folder;
}

/**
 * Makes one npm workspace of several starters, because one install takes less time than one for each.
 *
 * @param packed - packages of this repository to install from their tarballs. Their dependencies are added.
 * @returns the folders of the projects, by name.
 */
export async function createStarters(
  projects: ConsumerProjects,
  workspace: string,
  packed: readonly string[],
  starters: readonly Starter[],
): Promise<ReadonlyMap<string, string>> {
  const root = join(projects.root, workspace);
  mkdirSync(root);
  const names = starters.map(({ name }) => name);
  const manifest = {
    name: workspace,
    private: true,
    workspaces: names,
    dependencies: projects.tarballsOf(packed),
  };
  const folders = new Map<string, string>();
  for (const starter of starters) folders.set(starter.name, await createStarter(root, starter));
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  await npmInBackground(quietInstall, root);
  return folders;
}
