import { readFile } from 'node:fs/promises';

/** Where a secret is: never in the configuration itself. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/**
 * Reads a secret from the environment or a file, without the line break that editors leave at its end.
 *
 * @throws Error that names the place and never the content.
 */
export async function readSecret(reference: SecretReference): Promise<string> {
  const secret = 'env' in reference ? process.env[reference.env] : await readSecretFile(reference.file);
  const where = 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
  if (secret === undefined || secret.trim() === '')
    throw new Error(`The secret in ${where} is missing or empty.`);
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
