import { connect, createServer, type Server, type Socket } from 'node:net';
import { listenAnywhere } from './listen-anywhere.js';
import { shapeDirection } from './shaped-direction.js';
import { createSharedLink } from './shared-link.js';

export interface NetworkShape {
  readonly roundTripMs: number;
  /** Each way, shared by all connections to all origins. */
  readonly bitsPerSecond: number;
  /** Before a new connection carries its first request: two, as TCP and TLS 1.3 take. */
  readonly setUpRoundTrips: number;
  /**
   * With `origin` only the first of the connections to an origin that are open at a time is set up, and the others wait
   * for it: they stand for the streams of one HTTP/2 connection. With `connection` each one is, as in HTTP/1.1.
   */
  readonly setUpFor: 'origin' | 'connection';
}

export const broadband = { bitsPerSecond: 20_000_000, setUpRoundTrips: 2, setUpFor: 'origin' } as const;

/** A network between a browser and servers on this machine. */
export interface ShapedNetwork {
  /** Puts the network before a server on a loopback port. @returns origin under which the server is then found */
  reach(port: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * A TCP proxy in this process: every byte is late by half the round trip each way, all connections share one link each
 * way, and a new connection is silent for the round trips that its set-up would take.
 *
 * A browser's own throttling (DevTools protocol) was not an option: it delays responses, not connections, so it hides what
 * a preconnect saves. What this leaves out: loss, slow start (a loopback connection has a large window at once) and
 * name resolution. All three would lengthen chains of requests more than parallel ones.
 */
export function createShapedNetwork(shape: NetworkShape): ShapedNetwork {
  const oneWayMs = shape.roundTripMs / 2;
  const up = createSharedLink(shape.bitsPerSecond);
  const down = createSharedLink(shape.bitsPerSecond);
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  function join(client: Socket, port: number, readyAtMs: number): void {
    const server = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      // When one side is cut off, so is the other; the browser and the server report it.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroySoon();
      });
    }
    shapeDirection({ from: client, to: server, link: up, oneWayMs, notBeforeMs: readyAtMs });
    shapeDirection({ from: server, to: client, link: down, oneWayMs, notBeforeMs: readyAtMs });
  }

  return {
    async reach(port) {
      let connections = 0;
      let setUpAtMs = Infinity;
      const server = createServer({ allowHalfOpen: true }, (client) => {
        if (connections === 0 || shape.setUpFor === 'connection')
          setUpAtMs = performance.now() + shape.setUpRoundTrips * shape.roundTripMs;
        connections += 1;
        client.on('close', () => (connections -= 1));
        join(client, port, setUpAtMs);
      });
      servers.push(server);
      return `http://127.0.0.1:${await listenAnywhere(server)}`;
    },
    async close() {
      const ends = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(ends);
    },
  };
}
