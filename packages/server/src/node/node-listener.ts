import { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import type { FetchHandler, HandlerContext } from '../http/create-handler.js';
import { answerOnNode } from './answer-on-node.js';
import { bodyReadBefore } from './body-read-before.js';
import { clientAddress } from './client-address.js';
import { clientProtocol } from './client-protocol.js';
import { readNodeBody } from './node-body.js';
import { requireKnownOptions } from '../http/require-known-options.js';

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

/**
 * Runs a handler of this package in `node:http`, `node:http2`, Express and other frameworks on Node.js.
 *
 * A body parser may have read the body before. Then the data that it left in `body` (or `rawBody`) of the Node.js request is
 * used, with the same size limit. If there is none, the response is a problem `internal` (500) at once, and the process gets one
 * warning with the code `GATECAST_BODY_READ`.
 */
export function toNodeListener(handler: FetchHandler, options: NodeListenerOptions = {}): NodeListener {
  requireKnownOptions('toNodeListener', options, optionNames);
  const { trustedProxies = 0 } = options;
  let isWarned = false;
  const listener = getRequestListener(
    (request, { incoming, outgoing }) => {
      const given = withBodyReadBefore(request, incoming);
      // The faster path does not support the streams of HTTP/2.
      return incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
        ? respond(request, given, incoming, outgoing)
        : handler(given?.request ?? request, { ...clientOf(incoming), readBody: given?.readBody });
    },
    { overrideGlobalObjects: false },
  );
  return (incoming, outgoing) => void listener(incoming, outgoing);

  function clientOf(incoming: IncomingMessage | Http2ServerRequest): HandlerContext {
    return {
      clientAddress: clientAddress(incoming, trustedProxies),
      protocol: clientProtocol(incoming, trustedProxies),
    };
  }

  function respond(
    request: Request,
    given: GivenBody | null,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<Response> {
    const readBody = given?.readBody ?? ((maxBytes: number) => readNodeBody(incoming, maxBytes));
    const context = { ...clientOf(incoming), readBody };
    return answerOnNode(handler, given?.request ?? request, context, incoming, outgoing);
  }

  function withBodyReadBefore(
    request: Request,
    incoming: IncomingMessage | Http2ServerRequest,
  ): GivenBody | null {
    const { method } = request;
    if (method === 'GET' || method === 'HEAD') return null;
    const read = bodyReadBefore(incoming, warnOnce);
    return read && giveBody(request, read);
  }

  /** Every request of this listener fails in the same way, so one warning is enough. */
  function warnOnce(message: string): void {
    if (!isWarned) process.emitWarning(message, { type: 'GatecastWarning', code: 'GATECAST_BODY_READ' });
    isWarned = true;
  }
}

/** A request whose body comes from a function, for handlers that read it with `readBody` and for others. */
interface GivenBody {
  readonly request: Request;
  readonly readBody: NonNullable<HandlerContext['readBody']>;
}

function giveBody({ method, url, headers: received }: Request, read: () => Uint8Array): GivenBody {
  const headers = new Headers(received);
  const announced = Number(headers.get('Content-Length'));
  // JSON is written again, so its length may differ.
  headers.delete('Content-Length');
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(read());
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  // The types of browsers do not have `duplex`, which a stream needs.
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' };
  return {
    request: new Request(url, init),
    readBody: async (maxBytes) => {
      if (announced > maxBytes) return null;
      const bytes = read();
      return bytes.length > maxBytes ? null : bytes;
    },
  };
}

const optionNames: Readonly<Record<keyof NodeListenerOptions, true>> = {
  trustedProxies: true,
};
