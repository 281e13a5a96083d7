import { readFile } from 'node:fs/promises';
import { CliError, type CliIo } from './cli-io.js';

export interface SecretOptions {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
}

/**
 * Reads a secret from a file, an environment variable, or stdin (`-` or no source). Never from the command line, where
 * every user of the machine can see it.
 */
export async function readSecretInput(
  io: CliIo,
  what: string,
  { file, env }: SecretOptions,
): Promise<string> {
  const text = await readFrom(io, what, file, env);
  if (text.trim() === '') throw new CliError(describeEmpty(what, file, env));
  return text.trim();
}

/** Ends a command whose private key cannot be used. The message says where the key came from. */
export function refuseKey({ file, env }: SecretOptions): (error: unknown) => never {
  const source =
    env !== undefined
      ? `the environment variable ${env}`
      : file !== undefined && file !== '-'
        ? `the file ${file}`
        : 'stdin';
  return (error) => {
    const what = error instanceof Error ? error.message : 'The private key cannot be read.';
    throw new CliError(`${what} It came from ${source}. "gatecast keys new" creates a key.`);
  };
}

function describeEmpty(what: string, file: string | undefined, env: string | undefined): string {
  if (env !== undefined) return `The environment variable ${env} is empty. It must contain the ${what}.`;
  if (file !== undefined && file !== '-') return `The file ${file} is empty. It must contain the ${what}.`;
  return `Nothing came from stdin. Pipe the ${what} into the command ("< file"), or set an option that names its source: see --help.`;
}

async function readFrom(
  io: CliIo,
  what: string,
  file: string | undefined,
  env: string | undefined,
): Promise<string> {
  if (env !== undefined) {
    const value = process.env[env];
    if (value === undefined)
      throw new CliError(`The environment variable ${env} is not set. It must contain the ${what}.`);
    return value;
  }
  if (file === undefined || file === '-') {
    // Otherwise the command seems to hang.
    if (process.stdin.isTTY) io.note(`Paste the ${what}, then press Enter and Ctrl+D.\n`);
    return io.readStdin();
  }
  return readTextFile(file, what);
}

export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT')
      throw new CliError(`The file ${path} does not exist. It must contain the ${what}: correct the path.`);
    if (code === 'EISDIR')
      throw new CliError(`${path} is a directory. Set the path of the file with the ${what}.`);
    throw new CliError(`The ${what} in ${path} cannot be read (${code}). Check who may read the file.`);
  }
}
