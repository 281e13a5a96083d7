import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { FetchHandler } from '../handler/fetch-handler.js';
import { clientAddress } from './client-address.js';

export interface NodeListenerOptions {
  /** Proxies in front whose `X-Forwarded-For` is believed. @defaultValue 0, the socket's own address counts */
  readonly trustedProxies?: number;
}

/** A listener as `node:http` and Express take it: `createServer(toNodeListener(handler))`, `app.all(path, …)`. */
export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Runs a handler of this library in `node:http` or Express, also behind `express.json()`. */
export function toNodeListener(
  handler: FetchHandler,
  { trustedProxies = 0 }: NodeListenerOptions = {},
): NodeListener {
  return (incoming, outgoing) => {
    const context = { clientAddress: clientAddress(incoming, trustedProxies) };
    const listener = getRequestListener((request) => handler(withParsedBody(request, incoming), context), {
      overrideGlobalObjects: false,
    });
    void listener(incoming, outgoing);
  };
}

/** A body parser has read the stream to its end; what it left is the only copy. */
function withParsedBody(request: Request, incoming: IncomingMessage & { body?: unknown }): Request {
  if (incoming.body === undefined || !incoming.readableEnded) return request;
  const headers = new Headers(request.headers);
  // The text is written anew below, so its length may differ.
  headers.delete('Content-Length');
  const { method, url } = request;
  if (method === 'GET' || method === 'HEAD') return request;
  return new Request(url, { method, headers, body: JSON.stringify(incoming.body) });
}
