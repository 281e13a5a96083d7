import type { KeySet } from '../key/key-set.js';
import { silentLogger } from '../http/logger.js';
import { createHandler, type FetchHandler } from '../http/create-handler.js';

export interface JwksHandlerOptions {
  readonly keys: KeySet;
  /** How long caches may keep it, in seconds: a new key signs only after this long. @defaultValue 300 */
  readonly maxAgeSeconds?: number;
}

/** The public keys at `/.well-known/jwks.json`, readable by any page (RFC 7517 section 5). */
export function createJwksHandler({ keys, maxAgeSeconds = 300 }: JwksHandlerOptions): FetchHandler {
  // Public keys are public: a wildcard is right here, and only here.
  const open = { 'Access-Control-Allow-Origin': '*' };
  return createHandler({
    methods: ['GET', 'HEAD'],
    name: 'jwks',
    logger: silentLogger,
    cors: {
      headers: () => open,
      preflight: () => new Response(null, { status: 204, headers: { Allow: 'GET, HEAD, OPTIONS', ...open } }),
    },
    handle: () =>
      Promise.resolve(
        new Response(JSON.stringify(keys.jwks()), {
          headers: {
            'Content-Type': 'application/jwk-set+json',
            'Cache-Control': `public, max-age=${String(maxAgeSeconds)}, stale-while-revalidate=${String(maxAgeSeconds)}`,
          },
        }),
      ),
  });
}
