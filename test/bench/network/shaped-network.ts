import { connect, createServer, type Server, type Socket } from 'node:net';
import { listenAnywhere } from './listen-anywhere.js';
import { shapeDirection } from './shaped-direction.js';
import { createSharedLink } from './shared-link.js';

export interface NetworkShape {
  readonly roundTripMs: number;
  /** In each direction, shared by all connections to all origins. */
  readonly bitsPerSecond: number;
  /** Round trips before a new connection carries its first request: two for TCP and TLS 1.3. */
  readonly setUpRoundTrips: number;
  /**
   * `origin`: only the first open connection to an origin has a set-up, and the others wait for it. This models the
   * streams of one HTTP/2 connection. `connection`: each connection has its own set-up, as in HTTP/1.1.
   */
  readonly setUpFor: 'origin' | 'connection';
}

export const broadband = { bitsPerSecond: 20_000_000, setUpRoundTrips: 2, setUpFor: 'origin' } as const;

/** A network between a browser and servers on this machine. */
export interface ShapedNetwork {
  /** Puts the network in front of a server on a loopback port. @returns the origin of the server behind it */
  reach(port: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * A TCP proxy in this process. It delays every byte by half the round trip in each direction, shares one link per
 * direction between all connections, and holds a new connection for the round trips of its set-up.
 *
 * The browser's own throttling (DevTools protocol) delays responses, not connections, so it would hide the effect of a
 * preconnect. Not simulated: packet loss, slow start (loopback connections have a large window) and name resolution.
 * All three would slow down sequential requests more than parallel ones.
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
      // When one side is closed, so is the other. Browser and server report the error.
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
