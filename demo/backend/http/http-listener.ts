import { type HttpBindings, getRequestListener } from '@hono/node-server';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendEnv } from './backend-env.js';

/** A Fetch handler that also gets the Node.js request and response. */
export type FetchHandler = (request: Request, env: BackendEnv['Bindings']) => Response | Promise<Response>;

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Converts a Fetch handler to a listener for `node:http` and for Connect middleware. */
export function toNodeHandler(fetch: FetchHandler): NodeHandler {
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}

/**
 * Starts a server. Resolves when it listens.
 *
 * @throws Error of `node:net`, for example with `code` `EADDRINUSE` if the port is taken.
 */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Stops a server and closes its open connections. Resolves when all are closed. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Origin of a listening server, for example `http://127.0.0.1:40123`. */
export function originOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
