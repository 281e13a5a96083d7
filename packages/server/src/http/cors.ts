/** Which pages of other origins may read the answers. */
export interface CorsOptions {
  /** Origins as browsers send them, such as `https://www.example.com`. There is no wildcard. */
  readonly origins: readonly string[];
  /** May those pages send cookies? @defaultValue false */
  readonly credentials?: boolean;
  /** How long a browser may keep the preflight's answer, in seconds. @defaultValue 600 */
  readonly maxAgeSeconds?: number;
}

export interface Cors {
  /** Headers for an answer to `request`. */
  headers(request: Request): Record<string, string>;
  /** The answer to an OPTIONS request, preflight or not. */
  preflight(request: Request): Response;
}

/**
 * CORS with an explicit list of origins (Fetch standard, section 3.2).
 *
 * @param methods - what the handler answers, for `Allow`.
 * @throws TypeError when an origin is a wildcard or not a bare origin.
 */
export function createCors(options: CorsOptions | undefined, methods: readonly string[]): Cors {
  const { origins = [], credentials = false, maxAgeSeconds = 600 } = options ?? {};
  for (const origin of origins) requireOrigin(origin);
  const allowed = new Set(origins);
  const allow = [...methods, 'OPTIONS'].join(', ');

  function headers(request: Request): Record<string, string> {
    if (allowed.size === 0) return {};
    const origin = request.headers.get('Origin');
    // Even a refused answer depends on Origin, so a shared cache must not hand it to an allowed page.
    if (origin === null || !allowed.has(origin)) return { Vary: 'Origin' };
    return {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': 'Date, Retry-After, X-Request-Id',
      ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    };
  }

  return {
    headers,
    preflight(request) {
      const answer = headers(request);
      const isPreflight =
        'Access-Control-Allow-Origin' in answer && request.headers.has('Access-Control-Request-Method');
      return new Response(null, {
        status: 204,
        headers: {
          Allow: allow,
          ...answer,
          ...(isPreflight && {
            'Access-Control-Allow-Methods': methods.join(', '),
            'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Request-Id',
            'Access-Control-Max-Age': String(maxAgeSeconds),
          }),
        },
      });
    },
  };
}

function requireOrigin(origin: string): void {
  const isBare = URL.canParse(origin) && new URL(origin).origin === origin;
  if (!isBare) {
    throw new TypeError(
      `cors.origins lists bare origins such as "https://www.example.com"; "${origin}" is none.`,
    );
  }
}
