import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenOptions {
  /** @defaultValue 0, any free port */
  readonly port?: number;
  /** @defaultValue `127.0.0.1` */
  readonly host?: string;
}

export interface HttpListener {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Ends connections that are still open, and resolves when none is left. */
  close(): Promise<void>;
}

interface HandlerOptions extends ListenOptions {
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly onClose: () => void;
}

/** Serves a Fetch handler over HTTP. */
export async function listenHttp({
  port = 0,
  host = '127.0.0.1',
  fetch,
  onClose,
}: HandlerOptions): Promise<HttpListener> {
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const hostname = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    origin: `http://${hostname}:${address.port}`,
    close: () => {
      onClose();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
