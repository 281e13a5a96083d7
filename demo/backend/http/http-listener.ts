import { type HttpBindings, getRequestListener } from '@hono/node-server';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackendEnv } from './backend-env.js';

/** A Fetch handler that may look at the connection. */
export type FetchHandler = (request: Request, env: BackendEnv['Bindings']) => Response | Promise<Response>;

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A Fetch handler for `node:http` and for connect-style middleware. */
export function toNodeHandler(fetch: FetchHandler): NodeHandler {
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}

/**
 * Makes a server listen.
 *
 * @throws Error of node:net, for example with `code` `EADDRINUSE`.
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

/** Ends connections that are still open, and resolves when none is left. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Such as `http://127.0.0.1:40123`. */
export function originOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
