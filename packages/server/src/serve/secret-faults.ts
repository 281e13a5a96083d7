import { readSecret } from '../node/read-secret.js';
import type { Config } from './config-schema.js';

/** Options with names of their own, which are not references to secrets. */
const FREE_NAMES = new Set(['claims', 'params', 'parameters']);

/**
 * Reads every secret that a configuration refers to. Issuers read theirs with each request, so that a missing variable would
 * only be noticed by the first viewer.
 *
 * @returns one line for each secret that cannot be read, with the path of its option. Never contains a secret.
 */
export async function secretFaults(config: Config): Promise<string[]> {
  return faultsIn(config, []);
}

async function faultsIn(value: unknown, path: readonly string[]): Promise<string[]> {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value) as [string, unknown][];
  const [first, ...others] = entries;
  if (first && others.length === 0 && typeof first[1] === 'string') {
    const [kind, name] = first;
    if (kind === 'env') return fault(path, { env: name });
    if (kind === 'file') return fault(path, { file: name });
  }
  const nested = entries
    .filter(([name]) => !FREE_NAMES.has(name))
    .map(([name, item]) => faultsIn(item, [...path, name]));
  return (await Promise.all(nested)).flat();
}

async function fault(
  path: readonly string[],
  reference: Parameters<typeof readSecret>[0],
): Promise<string[]> {
  try {
    await readSecret(reference);
    return [];
  } catch (error) {
    return [`${path.join('.')}: ${error instanceof Error ? error.message : 'The secret cannot be read.'}`];
  }
}
