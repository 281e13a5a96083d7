import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackages } from '../../../.config/bundle/build-packages.js';
import { packageInputs, repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { buildOnce, replaceFolder } from '../../../.config/once.js';

/** A package as published. */
export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** A package may have nothing to import, only a command. */
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** A published package in this repository. */
export interface PublicPackage {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The published packages: all under packages/ that are not private. */
export function publicPackages(): PublicPackage[] {
  const packages = join(repositoryRoot, 'packages');
  return readdirSync(packages)
    .map((folder) => join(packages, folder))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));
}

/** The packages of this repository that npm would install: the given ones and their dependencies. */
export function withOwnDependencies(names: readonly string[]): string[] {
  const manifests = new Map(publicPackages().map(({ name, manifest }) => [name, manifest]));
  const found = new Set(names);
  for (const name of found) {
    const manifest = manifests.get(name);
    if (!manifest) throw new RangeError(`${name} is not published.`);
    for (const one of Object.keys(manifest.dependencies ?? {})) if (manifests.has(one)) found.add(one);
  }
  return [...found];
}

/**
 * The environment without what a reader's terminal does not have: the export conditions of the test run, and
 * `NODE_ENV=production`, which Vite sets in this process when it builds, and with which npm installs no `devDependencies`.
 */
export function readersEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', NODE_ENV: undefined };
}

/** Only ends a program that hangs. */
const PROGRAM_LIMIT_MS = 900_000;

/** Runs npm and returns its output. @throws Error with the output when it fails. */
export function npm(args: readonly string[], cwd: string, env = readersEnvironment()): string {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    timeout: PROGRAM_LIMIT_MS,
    shell: process.platform === 'win32',
    env,
  });
  if (status !== 0) throw new Error(`npm ${args[0] ?? ''} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** What a program that has ended wrote, and whether it failed. */
interface ProgramEnd {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramPlace {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program while this process does other work. */
function endOf(program: string, args: readonly string[], { cwd, env }: ProgramPlace): Promise<ProgramEnd> {
  const shell = process.platform === 'win32';
  const options = {
    cwd,
    env: env ?? readersEnvironment(),
    shell,
    timeout: PROGRAM_LIMIT_MS,
    maxBuffer: 2 ** 26,
  };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, stdout, stderr });
    });
  });
}

/** Runs a checker while this process does other work. @returns its output, also if it failed. */
export async function runInBackground(
  program: string,
  args: readonly string[],
  place: ProgramPlace,
): Promise<string> {
  const { stdout, stderr } = await endOf(program, args, place);
  return stdout + stderr;
}

/** As {@link npm}, while this process does other work. @throws Error with the output when it fails. */
export async function npmInBackground(
  args: readonly string[],
  cwd: string,
  env?: NodeJS.ProcessEnv,
): Promise<void> {
  const { failed, stdout, stderr } = await endOf('npm', args, { cwd, ...(env && { env }) });
  if (failed) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

const packedFolder = join(repositoryRoot, '.build/packed');

/** Builds and packs the packages, unless they were packed from the same files. Test files of one run share the tarballs. */
export async function packPackages(): Promise<PackedPackage[]> {
  await buildPackages();
  const packed = publicPackages().map(({ name, manifest }) => {
    const file = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
    return { name, tarball: join(packedFolder, file) };
  });
  const step = {
    name: 'packed',
    inputs: [...packageInputs(), '.config/elements', 'packages'],
    outputs: packed.map(({ tarball }) => tarball),
  };
  const workspaces = packed.flatMap(({ name }) => ['--workspace', name]);
  await buildOnce(step, () =>
    replaceFolder(packedFolder, async (fresh) => {
      mkdirSync(fresh, { recursive: true });
      const args = ['pack', '--ignore-scripts', '--pack-destination', fresh, ...workspaces];
      await npmInBackground(args, repositoryRoot);
    }),
  );
  return packed;
}
