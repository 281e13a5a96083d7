import { readSecret } from '../node/read-secret.js';
import type { TokenDpopOptions } from '../token-endpoint/token-binding.js';
import type { Config } from './config-schema.js';
import type { Stores } from './create-stores.js';

/** The options of the token endpoint for proofs of possession. */
export async function dpopOptions(
  { mode, externalOrigin, maxAgeSeconds, nonce }: NonNullable<Config['dpop']>,
  { replays }: Pick<Stores, 'replays'>,
): Promise<TokenDpopOptions> {
  return {
    mode,
    externalOrigin,
    replayCache: replays,
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(nonce && {
      nonce: {
        ...(nonce.secret && { secret: await readSecret(nonce.secret) }),
        ...(nonce.lifetimeSeconds !== undefined && { lifetimeSeconds: nonce.lifetimeSeconds }),
      },
    }),
  };
}
