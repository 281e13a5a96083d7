import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-io.js';
import type { PlannedFile } from './plan-files.js';

/** The folders that only the owner may open. */
const PRIVATE_FOLDERS = /^(?:secrets|keys)(?:\/|$)/;

/** Those of the paths that exist, also as a link that leads nowhere. */
export async function existingPaths(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => lstat(join(folder, path)).then(() => path, isAbsent)));
  return found.filter((path) => path !== null);
}

function isAbsent(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return null;
  throw new CliError(`The folder cannot be read (${code}). Choose another one with --dir.`);
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new CliError(`The files cannot be written (${code}). Nothing was kept. Check the folder of --dir.`);
  }
}
