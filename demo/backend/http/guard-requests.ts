import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '@gatecast/server';
import { isAllowedHost } from './allowed-host.js';
import type { NodeHandler } from './http-listener.js';

export interface GuardOptions {
  /** Host names to accept, besides those of this machine. @defaultValue none */
  readonly allowedHosts?: readonly string[];
}

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Answers requests that no route can handle: a host name that is not allowed, or an invalid target. Other requests
 * go to `handle`, with a path and query in `request.url`.
 */
export function guardRequests(handle: NodeHandler, options: GuardOptions = {}): NodeHandler {
  return (request, response) => {
    try {
      if (request.method === 'OPTIONS' && request.url === '*') {
        requireHost(request, options);
        response.writeHead(204, { Allow: 'GET, HEAD, POST, PATCH, DELETE, OPTIONS' }).end();
        return;
      }
      request.url = readTarget(request, options);
      handle(request, response);
    } catch (error) {
      const problem =
        error instanceof Problem ? error : new Problem('internal', 'Internal error in the demo server.');
      sendProblem(problem, response);
    }
  };
}

/** Passes upgrades of an allowed host and origin to `handle`, and closes all other connections. */
export function guardUpgrades(handle: UpgradeHandler, options: GuardOptions = {}): UpgradeHandler {
  return (request, socket, head) => {
    // Without a listener, a reset by the client would end the process.
    socket.on('error', () => socket.destroy());
    try {
      request.url = readTarget(request, options);
      const { origin } = request.headers;
      if (origin !== undefined && !isHostOf(origin, request.headers.host)) throw foreignOrigin();
      handle(request, socket, head);
    } catch (error) {
      const status = error instanceof Problem ? error.status : 500;
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  };
}

/** Whether the page of an `Origin` header was loaded from this host. */
export function isHostOf(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

export function foreignOrigin(): Problem {
  return new Problem('forbidden', 'A page of another origin may not send this request.');
}

/**
 * Reads the target of a request in origin form: path and query.
 *
 * @throws Problem `request-invalid`, with status 400 for an invalid target or Host header and 421 for a host name that is
 *   not allowed.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
function readTarget(request: IncomingMessage, options: GuardOptions): string {
  requireHost(request, options);
  const { url = '' } = request;
  if (url.startsWith('/')) return requirePath(url);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw invalidTarget();
  const absolute = new URL(url);
  if (!isAllowedHost(absolute.host, options.allowedHosts)) throw wrongHost();
  return requirePath(absolute.pathname + absolute.search);
}

function requireHost({ rawHeaders }: IncomingMessage, { allowedHosts }: GuardOptions): void {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 1 && isHostHeader(rawHeaders[index - 1]));
  const [host = ''] = hosts;
  if (hosts.length !== 1) throw new Problem('request-invalid', 'The request needs one Host header.');
  if (!isAllowedHost(host, allowedHosts)) throw wrongHost();
}

function isHostHeader(name: string | undefined): boolean {
  return name?.toLowerCase() === 'host';
}

/** A path that starts with two slashes is an authority for `new URL(path, base)`. */
function requirePath(target: string): string {
  const [path = ''] = target.split('?', 1);
  if (/^\/[/\\]/.test(path) || path.includes('%00')) throw invalidTarget();
  try {
    decodeURIComponent(path);
  } catch {
    throw invalidTarget();
  }
  return target;
}

function invalidTarget(): Problem {
  return new Problem('request-invalid', 'The address of the request is invalid.');
}

function wrongHost(): Problem {
  return new Problem('request-invalid', 'This server does not accept this host name.', {
    status: 421,
    hint: 'Use localhost, or start the server with the name in ALLOWED_HOSTS.',
  });
}

function sendProblem(problem: Problem, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // The body of the request is not read, so the connection cannot serve another request.
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(JSON.stringify(problem));
}
