import { stat } from 'node:fs/promises';
import { readKeyEntries, type KeyEntry } from '../node/key-directory.js';
import { CliError } from './cli-io.js';

/**
 * The keys of a directory that `gatecast keys new` has created.
 *
 * @throws CliError if the directory is missing, cannot be read or holds no keys.
 */
export async function requireKeyEntries(directory: string): Promise<readonly KeyEntry[]> {
  const create = `create the first key with "gatecast keys new --dir ${directory}"`;
  const found = await stat(directory).catch(() => null);
  if (!found) throw new CliError(`The directory ${directory} does not exist. Correct --dir, or ${create}.`);
  if (!found.isDirectory())
    throw new CliError(`${directory} is not a directory. Set --dir to the directory that holds keys.json.`);
  const entries = await readKeyEntries(directory).catch((error: unknown) => {
    throw new CliError(error instanceof Error ? error.message : `The keys in ${directory} cannot be read.`);
  });
  if (entries.length === 0)
    throw new CliError(`The directory ${directory} has no keys. Correct --dir, or ${create}.`);
  return entries;
}
