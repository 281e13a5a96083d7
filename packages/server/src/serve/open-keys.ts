import { createKeySet, type KeySet } from '../key/key-set.js';
import { importSigningKey } from '../key/signing-key.js';
import { openKeyDirectory } from '../node/key-directory.js';
import { readSecret } from '../node/read-secret.js';
import type { Config } from './config-schema.js';

export interface OpenKeys {
  readonly keys: KeySet;
  /** Reads a key directory again. */
  readonly reload: () => Promise<void>;
}

/**
 * Opens the signing keys of a configuration. Without `keys`, the set is empty: nothing in the configuration signs with it.
 *
 * @throws Error if a key cannot be read.
 */
export async function openKeys({ keys }: Pick<Config, 'keys'>): Promise<OpenKeys> {
  if (keys === undefined) return { keys: noKeys, reload: () => Promise.resolve() };
  if ('directory' in keys) {
    const directory = await openKeyDirectory(keys.directory);
    return { keys: directory, reload: () => directory.reload() };
  }
  const key = await importSigningKey(await readSecret(keys.key), { kid: keys.kid });
  return { keys: createKeySet([key]), reload: () => Promise.resolve() };
}

/** For a server that signs nothing: verifiers learn that no key is valid. */
export const noKeys: KeySet = {
  get active(): never {
    throw new TypeError('The configuration has no keys. Set the option keys.');
  },
  keys: [],
  jwks: () => ({ keys: [] }),
};
