import { readFile } from 'node:fs/promises';

/** Where to read a secret: the name of an environment variable or the path of a file. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/**
 * Reads a secret from an environment variable or a file, without white space at its start and end.
 *
 * @throws Error if the secret is missing or empty. The message names the variable or file, never the content.
 */
export async function readSecret(reference: SecretReference): Promise<string> {
  const secret = 'env' in reference ? process.env[reference.env] : await readSecretFile(reference.file);
  const where = 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
  if (secret === undefined || secret.trim() === '')
    throw new Error(`The secret in the ${where} is missing or empty. Set it, or correct the name.`);
  return secret.trim();
}

async function readSecretFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new Error(`The secret file ${path} cannot be read (${code}).`, { cause: error });
  }
}
