import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { sleep } from '../http/timeouts.js';

/** Busy clients send the next request of a connection within this time, and learn from its response that it ends. */
const DRAIN_MS = 1000;

/**
 * Ends a server without a reset on a connection that a client is using: from `stop` on, each response has
 * `Connection: close` (RFC 9112 section 9.6), and connections without a request are closed a second later.
 */
export class DrainingServer {
  readonly #server: Server;
  readonly #responses = new Set<ServerResponse>();
  readonly #silent = new Set<Socket>();
  #isStopping = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#silent.add(socket);
      socket.once('close', () => this.#silent.delete(socket));
    });
    // Before the application's own listener, which may answer at once.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#silent.delete(request.socket);
      if (this.#isStopping) response.setHeader('Connection', 'close');
      this.#responses.add(response);
      response.once('close', () => this.#responses.delete(response));
    });
  }

  /** Resolves when no connection is left. Those that are still open after `graceMs` are closed. */
  async stop(graceMs: number): Promise<void> {
    const server = this.#server;
    this.#isStopping = true;
    for (const response of this.#responses)
      if (!response.headersSent) response.setHeader('Connection', 'close');
    const closed = once(server, 'close');
    // `close` of an HTTP server would also close connections that are idle just now.
    NetServer.prototype.close.call(server);
    const startedAtMs = performance.now();
    while ((await openConnections(server)) > 0) {
      const passedMs = performance.now() - startedAtMs;
      if (passedMs >= Math.min(DRAIN_MS, graceMs)) {
        server.closeIdleConnections();
        for (const socket of this.#silent) socket.destroy();
      }
      if (passedMs >= graceMs) server.closeAllConnections();
      await sleep(20);
    }
    await closed;
  }
}

function openConnections(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error ? 0 : count));
  });
}
