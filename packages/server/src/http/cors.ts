import type { OptionNames } from './require-known-options.js';
import { requireOrigin } from './require-origin.js';

/** CORS settings: which pages of other origins may read the responses. */
export interface CorsOptions {
  /** Allowed origins as browsers send them, such as `https://www.example.com`. Wildcards are refused. */
  readonly origins: readonly string[];
  /** Allow these pages to send cookies. @defaultValue false */
  readonly credentials?: boolean;
  /** Time for which browsers may cache a preflight response, in seconds. @defaultValue 600 */
  readonly maxAgeSeconds?: number;
}

export const corsOptionNames: OptionNames<CorsOptions> = {
  origins: true,
  credentials: true,
  maxAgeSeconds: true,
};

export interface Cors {
  /** Headers for the response to `request`. */
  headers(request: Request): Record<string, string>;
  /** The response to an OPTIONS request, preflight or not. */
  preflight(request: Request): Response;
}

/**
 * CORS with an explicit list of origins (Fetch standard, section 3.2).
 *
 * @param methods - methods that the handler accepts, for `Allow`.
 * @throws TypeError if an entry is not an origin (scheme, host and port only), such as a wildcard.
 */
export function createCors(options: CorsOptions | undefined, methods: readonly string[]): Cors {
  const { origins = [], credentials = false, maxAgeSeconds = 600 } = options ?? {};
  for (const origin of origins) requireOrigin(origin, 'cors.origins');
  const allowed = new Set(origins);
  const allow = [...methods, 'OPTIONS'].join(', ');

  function headers(request: Request): Record<string, string> {
    if (allowed.size === 0) return {};
    const origin = request.headers.get('Origin');
    // A response to an origin that is not allowed depends on Origin too: a shared cache must not return it to an
    // allowed page.
    if (origin === null || !allowed.has(origin)) return { Vary: 'Origin' };
    return {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': 'Date, DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id',
      ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    };
  }

  return {
    headers,
    preflight(request) {
      const corsHeaders = headers(request);
      const isPreflight =
        'Access-Control-Allow-Origin' in corsHeaders && request.headers.has('Access-Control-Request-Method');
      return new Response(null, {
        status: 204,
        headers: {
          Allow: allow,
          ...corsHeaders,
          ...(isPreflight && {
            'Access-Control-Allow-Methods': methods.join(', '),
            'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, X-Request-Id',
            'Access-Control-Max-Age': String(maxAgeSeconds),
          }),
        },
      });
    },
  };
}
