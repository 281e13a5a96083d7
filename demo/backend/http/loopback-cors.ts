import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isLoopbackHost } from './allowed-host.js';
import type { BackendEnv } from './backend-env.js';

/** Whether the origin is HTTP or HTTPS on a loopback host, on any port. */
export function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  return isLoopbackHost(hostname) && (protocol === 'http:' || protocol === 'https:');
}

const answerCors = cors({
  origin: (origin) => (isLoopbackOrigin(origin) ? origin : null),
  credentials: true,
  allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
  exposeHeaders: [
    ...['Date', 'DPoP-Nonce', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    ...['Content-Length', 'Content-Range', 'Location', 'Link', 'ETag'],
    'CTA-Common-Access-Token',
  ],
  maxAge: 600,
});

/** Lets pages on any loopback origin use the backend with credentials and read its resource timing. */
export const loopbackCors: MiddlewareHandler<BackendEnv> = async (context, next) => {
  const response = await answerCors(context, next);
  const origin = context.req.header('Origin');
  if (origin !== undefined && isLoopbackOrigin(origin)) context.header('Timing-Allow-Origin', origin);
  return response;
};
