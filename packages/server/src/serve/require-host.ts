import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../http/problem.js';

/**
 * Middleware that refuses a request with two Host headers, and one for a host name that is not listed. A page whose own
 * name resolves to this server (DNS rebinding) sends its own name.
 *
 * @param hosts - allowed names, without port; `undefined` for all.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function requireHost(
  hosts: readonly string[] | undefined,
): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async ({ env, req }, next) => {
    const { rawHeaders } = env.incoming;
    const isHost = (name: string | undefined) => name?.toLowerCase() === 'host';
    if (rawHeaders.filter((name, index) => index % 2 === 0 && isHost(name)).length > 1) {
      throw new Problem('request-invalid', 'The request has two Host headers.');
    }
    // The host of an absolute target takes precedence over the header.
    if (hosts && !hosts.includes(new URL(req.url).hostname)) {
      throw new Problem('request-invalid', 'This server does not accept this host name.', { status: 421 });
    }
    await next();
  };
}
