import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from './bundle/library-packages.js';

// Own, not wireit: demo, tests and benches build from inside their process, and wireit needs an npm process for each
// call. Not proper-lockfile: its lock expires while a build blocks the process, ours when the holder's process ends.

/** Something that is built from files of the repository. */
export interface BuildStep {
  readonly name: string;
  /** Files, and folders with all that is in them, relative to the repository. */
  readonly inputs: readonly string[];
  /** Files and folders that exist once it is built. */
  readonly outputs: readonly string[];
}

const stateFile = (name: string): string => join(repositoryRoot, '.build/once', name);

const longestBuildMs = 600_000;

/** Written by a build. */
const isGenerated = /(^|[/\\])(generated|\.temp|dist|node_modules)([/\\]|$)/;

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !isGenerated.test(name),
  );
  return inside.map((name) => join(path, name)).filter((name) => statSync(name).isFile());
}

function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  const files = inputs.map((path) => resolve(repositoryRoot, path)).filter((path) => existsSync(path));
  for (const file of files.flatMap(filesOf).sort()) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Was the step built from its inputs as they are now? */
export function isBuilt({ name, inputs, outputs }: BuildStep): boolean {
  const stamp = stateFile(`${name}.sha256`);
  if (!existsSync(stamp) || !outputs.every((path) => existsSync(path))) return false;
  return readFileSync(stamp, 'utf8') === hashOf(inputs);
}

/**
 * Builds a step unless it is built already. Of several processes one builds and the others wait for it.
 *
 * @returns whether this call built it.
 * @throws Error of `build`.
 */
export async function buildOnce(step: BuildStep, build: () => Promise<void>): Promise<boolean> {
  if (isBuilt(step)) return false;
  return withLock(stateFile(`${step.name}.lock`), async () => {
    if (isBuilt(step)) return false;
    const stamp = stateFile(`${step.name}.sha256`);
    rmSync(stamp, { force: true });
    const hash = hashOf(step.inputs);
    await build();
    writeFileSync(stamp, hash);
    return true;
  });
}

/** Replaces a folder by the one that `fill` writes: a reader of it sees the old files or the new ones, never both. */
export async function replaceFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const [fresh, old] = [`${folder}-new`, `${folder}-old`];
  for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true });
  await fill(fresh);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Works while no other process does. The file at `path` holds the process id; a lock of an ended process is ignored. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(join(path, '..'), { recursive: true });
  while (!takeLock(path)) await delay(200);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function takeLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const takenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  const holder = holderOf(path);
  // The number of an ended process may belong to another one by now.
  const isAbandoned = holder > 0 && (!isRunning(holder) || takenMs < Date.now() - longestBuildMs);
  if (isAbandoned) rmSync(path, { force: true });
  return false;
}

/** 0 while the file is still empty or already removed. */
function holderOf(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process.
    return hasCode(error, 'EPERM');
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
