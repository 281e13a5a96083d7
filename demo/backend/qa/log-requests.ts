import { readRequestToken } from '@gatecast/server';
import { decodeJwt } from 'jose';
import type { MiddlewareHandler } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { readMediaAddress } from '../http/media-address.js';
import { redactText, tailOf } from './redact-text.js';
import type { LogEntry, RequestKind, RequestLog } from '../http/request-log.js';

/** Middleware that logs requests, except preflight requests and requests to `/api/qa/`. */
export function logRequests(log: RequestLog, now: () => number): MiddlewareHandler<BackendEnv> {
  return async (context, next) => {
    const { path, method, raw } = context.req;
    if (method === 'OPTIONS' || path.startsWith('/api/qa/')) return next();
    const entry = createEntry(raw, path, now());
    log.add(entry);
    context.set('entry', entry);
    const startedAt = performance.now();
    await next();
    entry.durationMs = Math.round(performance.now() - startedAt);
    if (context.get('isCut')) return;
    entry.status = context.res.status;
    entry.bytes = method === 'HEAD' ? 0 : Number(context.res.headers.get('Content-Length') ?? 0);
  };
}

function createEntry(request: Request, path: string, atMs: number): LogEntry {
  const address = path.startsWith('/live/') ? readMediaAddress(path.slice('/live/'.length)) : undefined;
  const token = readRequestToken(request);
  return {
    atMs,
    method: request.method,
    path: redactText(path),
    query: redactText(new URL(request.url).search).slice(1),
    kind: address?.kind ?? kindOf(path),
    status: 0,
    durationMs: 0,
    bytes: 0,
    ...(address && { stream: address.stream }),
    ...(token !== null && { tokenTail: tailOf(token), ...tokenStreamOf(token) }),
  };
}

function kindOf(path: string): RequestKind {
  if (path === '/api/tokens') return 'token';
  if (path.startsWith('/hls/sign')) return 'sign';
  if (path.startsWith('/whip/')) return 'whip';
  if (path.startsWith('/nanostream/')) return 'vendor';
  return path.startsWith('/.well-known/') ? 'jwks' : 'other';
}

/** Reads the stream from a token without verification. Use it for the log only. */
function tokenStreamOf(token: string): { tokenStream?: string } {
  try {
    const { sub } = decodeJwt(token);
    return sub === undefined ? {} : { tokenStream: sub };
  } catch {
    return {};
  }
}
