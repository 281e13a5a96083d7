import { constants } from 'node:fs';
import { access, lstat, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-io.js';
import type { PlannedFile } from './plan-files.js';

/** The folders that only the owner may open. */
const PRIVATE_FOLDERS = /^(?:secrets|keys)(?:\/|$)/;

/** Those of the paths that exist, also as a link that leads nowhere. */
export async function existingPaths(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) => lstat(join(folder, path)).then(() => path, ifAbsent(join(folder, path)))),
  );
  return found.filter((path) => path !== null);
}

/**
 * Can files be made in the folder, or the folder itself where it does not exist?
 *
 * @throws CliError if not
 */
export async function requireWritable(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory())
      throw new CliError(`${folder} is a file. Name a folder with --dir.`);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const parent = dirname(folder);
    if (codeOf(error) === 'ENOENT' && parent !== folder) return requireWritable(parent);
    throw new CliError(
      `The folder ${folder} cannot be written (${codeOf(error)}). Use a folder of yours, or name another one with --dir.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** `null` for a path that does not exist. */
function ifAbsent(path: string): (error: unknown) => null {
  return (error) => {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    throw new CliError(`${path} cannot be read (${code}). Choose another folder with --dir.`);
  };
}

/**
 * Writes files that do not exist yet. If one cannot be written, those that were written are removed again.
 *
 * @param afterwards - writes what belongs to the files, such as keys. If it fails, the files are removed, too.
 * @throws CliError
 */
export async function writeNewFiles(
  folder: string,
  files: readonly PlannedFile[],
  afterwards: () => Promise<void>,
): Promise<void> {
  const made: string[] = [];
  try {
    for (const { path, text, isSecret } of files) {
      const target = join(folder, path);
      const mode = PRIVATE_FOLDERS.test(path) ? 0o700 : undefined;
      const first = await mkdir(dirname(target), { recursive: true, ...(mode !== undefined && { mode }) });
      if (first !== undefined) made.push(resolve(first));
      // `wx` fails if another process has made the file in the meantime.
      await writeFile(target, text, { flag: 'wx', ...(isSecret && { mode: 0o600 }) });
      made.push(target);
    }
    await afterwards();
  } catch (error) {
    for (const path of made.reverse()) await rm(path, { recursive: true, force: true });
    if (error instanceof CliError) throw error;
    throw new CliError(
      `The files cannot be written (${codeOf(error)}). Nothing was kept. Check the folder of --dir.`,
    );
  }
}
