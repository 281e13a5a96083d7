import type { FetchHandler } from '../http/create-handler.js';
import { readSecret } from '../node/read-secret.js';
import { createRevocationHandler } from '../revocation/revocation-handler.js';
import type { Config } from './config-schema.js';
import type { AppContext } from './create-app.js';

/**
 * Creates the handler of the separate port for operators, if the configuration has one.
 *
 * @throws Error if the key cannot be read or is too short.
 */
export async function createAdminHandler(
  { admin }: Config,
  { stores, logger, metrics }: AppContext,
): Promise<FetchHandler | null> {
  if (!admin || !stores.revocations) return null;
  const key = await readSecret(admin.key);
  if (key.length < 32)
    throw new Error('admin.key is shorter than 32 characters. Make one with "openssl rand -hex 32".');
  return createRevocationHandler({ revocations: stores.revocations, key, logger, metrics });
}
