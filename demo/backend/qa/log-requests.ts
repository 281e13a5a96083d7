import { readRequestToken } from '@gatecast/server';
import { decodeJwt } from 'jose';
import type { MiddlewareHandler } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { readMediaAddress } from '../http/media-address.js';
import { isSchemePath, readSchemeTarget } from '../schemes/scheme-target.js';
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
  if (isSchemePath(path)) return createSchemeEntry(request, path, atMs);
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

/** A request to the origin of a scheme. Its token may have any form, so that only the names of the query fields are kept. */
function createSchemeEntry(request: Request, path: string, atMs: number): LogEntry {
  const target = readSchemeTarget(path);
  const names = [...new URL(request.url).searchParams.keys()];
  return {
    atMs,
    method: request.method,
    path: target ? `/cdn/${target.scheme}/${target.stream}/${target.file}` : '/cdn/',
    query: redactText(names.join('&')),
    kind: target?.kind ?? 'other',
    status: 0,
    durationMs: 0,
    bytes: 0,
    ...(target && { stream: target.stream }),
  };
}

function kindOf(path: string): RequestKind {
  if (/^\/api\/(?:schemes\/[\w-]+\/)?tokens$/.test(path)) return 'token';
  if (path.startsWith('/hls/sign')) return 'sign';
  if (path.startsWith('/whip/')) return 'whip';
  if (path.startsWith('/whep/')) return 'whep';
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
