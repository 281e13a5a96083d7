import type { KeySet } from '../key/key-set.js';
import { silentLogger } from '../http/logger.js';
import { createHandler, type FetchHandler } from '../http/create-handler.js';
import { requireKnownOptions } from '../http/require-known-options.js';

export interface JwksHandlerOptions {
  /** Keys whose public part is published. */
  readonly keys: KeySet;
  /** Cache lifetime in seconds. Publish a new key at least this long before it signs. @defaultValue 300 */
  readonly maxAgeSeconds?: number;
}

/**
 * Creates the handler for `/.well-known/jwks.json`: the public keys as a JWK Set (RFC 7517 section 5), readable by pages of
 * all origins.
 */
export function createJwksHandler(options: JwksHandlerOptions): FetchHandler {
  requireKnownOptions('createJwksHandler', options, optionNames);
  const { keys, maxAgeSeconds = 300 } = options;
  // Only this handler has a wildcard, because the keys are public.
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

const optionNames: Readonly<Record<keyof JwksHandlerOptions, true>> = {
  keys: true,
  maxAgeSeconds: true,
};
