import type { MiddlewareHandler } from 'hono';
import type { BackendEnv } from './backend-env.js';
import { foreignOrigin, isHostOf } from './guard-requests.js';

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Middleware that refuses requests of other origins' pages with status 403, except those that only read. A client that is
 * not a browser sends neither `Origin` nor `Sec-Fetch-Site`.
 *
 * @param isTrusted - whether pages of another origin may send the request.
 */
export function refuseForeignPages(isTrusted: (origin: string) => boolean): MiddlewareHandler<BackendEnv> {
  return async ({ req }, next) => {
    const origin = req.header('Origin');
    const site = req.header('Sec-Fetch-Site') ?? 'none';
    const isAllowed =
      readMethods.has(req.method) ||
      (origin === undefined
        ? site === 'none' || site === 'same-origin'
        : isHostOf(origin, new URL(req.url).host) || isTrusted(origin));
    if (!isAllowed) throw foreignOrigin();
    await next();
  };
}
