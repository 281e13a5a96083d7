import { createServer } from 'node:http';
import express, { type Express } from 'express';
import { listen, originOf, stopServer } from '../../../demo/backend/http/http-listener.js';
import { loadJanode, type Connection } from './janode.js';
import { ROOM, type JanusAddresses } from './janus-process.js';
import { importThirdParty } from './third-party.js';

interface JanusWhepServer {
  start(): Promise<unknown>;
  /** The session with Janus. */
  readonly janus: { readonly connection: Connection };
  createEndpoint(options: {
    id: string;
    plugin: 'videoroom';
    token: string;
    room: number;
    feed: number;
  }): unknown;
  listSubscribers(): readonly unknown[];
}

type ServerClass = new (options: {
  janus: { address: string };
  rest: { app: Express; basePath: string };
  debug: 'err';
}) => JanusWhepServer;

/** Endpoints of Meetecho's janus-whep-server. */
export interface WhepEndpoints {
  /**
   * Adds an endpoint for a broadcast in the room. It refuses the viewer's offer and makes one itself (406). Janus answers
   * offers only for mountpoints of its Streaming plugin, and only from version 1.1.4; Debian 12 has 1.1.2.
   *
   * @returns its address.
   */
  add(id: string, token: string, feed: number): string;
  /** How many viewers the server itself counts. */
  countViewers(): number;
  close(): Promise<void>;
}

export async function startWhepServer({ api }: JanusAddresses): Promise<WhepEndpoints> {
  await loadJanode();
  const { JanusWhepServer: WhepServer } = (await importThirdParty('janus-whep-server/src/whep.js')) as {
    JanusWhepServer: ServerClass;
  };
  const app = express();
  const whep = new WhepServer({ janus: { address: api }, rest: { app, basePath: '/whep' }, debug: 'err' });
  await whep.start();
  const server = createServer(app);
  await listen(server, 0, '127.0.0.1');
  const addressOf = (id: string): string => `${originOf(server)}/whep/endpoint/${id}`;
  return {
    add(id, token, feed) {
      whep.createEndpoint({ id, plugin: 'videoroom', room: ROOM, feed, token });
      return addressOf(id);
    },
    countViewers: () => whep.listSubscribers().length,
    async close() {
      // Its own destroy() fails: it ends the session by a method that the session lacks.
      await whep.janus.connection.close();
      await stopServer(server);
    },
  };
}
