import { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import type { FetchHandler, HandlerContext } from '../http/create-handler.js';
import { answerOnNode } from './answer-on-node.js';
import { clientAddress } from './client-address.js';
import { clientProtocol } from './client-protocol.js';
import { readNodeBody } from './node-body.js';

export interface NodeListenerOptions {
  /**
   * Number of own reverse proxies whose `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` are trusted.
   *
   * @defaultValue 0: the address and the scheme of the socket are used
   */
  readonly trustedProxies?: number;
}

/**
 * A request listener for `node:http`, `node:http2` and Express: `createServer(toNodeListener(handler))`,
 * `app.all(path, toNodeListener(handler))`.
 */
export type NodeListener = (
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
) => void;

/** Runs a handler of this package in `node:http`, `node:http2` or Express, also after `express.json()`. */
export function toNodeListener(
  handler: FetchHandler,
  { trustedProxies = 0 }: NodeListenerOptions = {},
): NodeListener {
  const listener = getRequestListener(
    (request, { incoming, outgoing }) =>
      // The faster path does not support the streams of HTTP/2.
      incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
        ? respond(request, incoming, outgoing)
        : handler(request, clientOf(incoming)),
    { overrideGlobalObjects: false },
  );
  return (incoming, outgoing) => void listener(incoming, outgoing);

  function clientOf(incoming: IncomingMessage | Http2ServerRequest): HandlerContext {
    return {
      clientAddress: clientAddress(incoming, trustedProxies),
      protocol: clientProtocol(incoming, trustedProxies),
    };
  }

  function respond(request: Request, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Response> {
    const client = clientOf(incoming);
    const parsed = withParsedBody(request, incoming);
    if (parsed) return answerOnNode(handler, parsed, client, incoming, outgoing);
    const readBody = (maxBytes: number) => readNodeBody(incoming, maxBytes);
    return answerOnNode(handler, request, { ...client, readBody }, incoming, outgoing);
  }
}

/** Rebuilds the body that a body parser, such as `express.json()`, has already read. */
function withParsedBody(request: Request, incoming: IncomingMessage & { body?: unknown }): Request | null {
  if (incoming.body === undefined || !incoming.readableEnded) return null;
  const { method, url } = request;
  if (method === 'GET' || method === 'HEAD') return null;
  const headers = new Headers(request.headers);
  // The text is encoded again below, so its length may differ.
  headers.delete('Content-Length');
  return new Request(url, { method, headers, body: JSON.stringify(incoming.body) });
}
