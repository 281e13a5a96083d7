import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { loadClip, segmentAt, type ClipRendition } from '../../../demo/backend/live-origin/clip.js';
import { liveWindowAt, programDateMs } from '../../../demo/backend/live-origin/live-timeline.js';
import { answerLookup } from './bintu-api.js';
import { SocketFaults, type ControlRequest } from './socket-faults.js';
import { checkToken, type TokenVerdict } from './token-check.js';

/*
 * A double of the vendor's media server and of its bintu API, for tests only, without any of the vendor's code. Like the
 * vendor's server, it checks a token only when a connection starts.
 */

/** The request of a connection, without its token. */
export interface SocketConnection {
  readonly atMs: number;
  readonly stream: string;
  readonly verdict: TokenVerdict | 'instructed';
  /** Names of the query parameters, in order. */
  readonly fields: readonly string[];
}

export interface NanoSocketServer {
  /** Origin of the WebSocket, and with `http:` of the control requests. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

const pollMs = 100;

/**
 * Starts the double. `POST /control` takes a {@link ControlRequest}; `GET /connections` and `GET /lookups` list the
 * connections and the requests to the bintu API since the last reset.
 */
export async function startNanoSocketServer(backendOrigin: string): Promise<NanoSocketServer> {
  const clip = loadClip();
  const sockets = new WebSocketServer({ noServer: true });
  const faults = new SocketFaults();
  const streamOf = new Map<WebSocket, string>();
  let connections: SocketConnection[] = [];
  let lookups: { atMs: number; path: string }[] = [];
  let origin = '';

  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.method === 'GET') {
      answer(request.url ?? '/', response);
      return;
    }
    void readBody(request).then((body) => {
      control(body);
      response.writeHead(204).end();
    });
  });

  function answer(path: string, response: ServerResponse): void {
    if (path === '/connections') return void response.end(JSON.stringify(connections));
    if (path === '/lookups') return void response.end(JSON.stringify(lookups));
    const found = answerLookup(path, origin, (stream) => faults.isStopped(stream));
    if (!found) return void response.writeHead(404).end();
    lookups.push({ atMs: Date.now(), path });
    response.writeHead(found.length > 0 ? 200 : 404).end(JSON.stringify(found));
  }

  function control(request: ControlRequest): void {
    if (request.reset) {
      connections = [];
      lookups = [];
    }
    faults.apply(request);
    const { closeAll, notice, stopStream } = request;
    for (const [socket, stream] of streamOf) {
      if (stopStream !== undefined && faults.isStopped(stream))
        socket.send(JSON.stringify({ stopped: true }));
      if (notice !== undefined) socket.send(JSON.stringify({ notice }));
      if (closeAll !== undefined) closeSocket(socket, closeAll);
    }
  }

  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    void accept(request, duplex, head).catch(() => duplex.destroy());
  });

  async function accept(request: IncomingMessage, duplex: Duplex, head: Buffer): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams;
    const stream = query.get('stream') ?? '';
    const fields = [...query.keys()];
    // The probe of the player says nothing about a token, so it uses up no fault.
    const isProbe = !query.has('cid');
    const { handshakeStatus, closeCode, afterMs, isHeld = false } = isProbe ? {} : faults.next();
    const isOverruled = handshakeStatus !== undefined || closeCode !== undefined;
    const verdict = isOverruled ? 'instructed' : await checkToken(query, stream, backendOrigin);
    connections.push({ atMs: Date.now(), stream, verdict, fields });
    if (handshakeStatus !== undefined) {
      duplex.end(`HTTP/1.1 ${handshakeStatus} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      const rendition = clip.get(labelOf(stream));
      const refusal = typeof verdict === 'number' ? verdict : afterMs === undefined ? closeCode : undefined;
      if (refusal !== undefined || !rendition) {
        closeSocket(socket, refusal ?? 4404);
        return;
      }
      streamOf.set(socket, stream);
      socket.on('close', () => streamOf.delete(socket));
      // What a stopped stream answers to a new connection. Seen: 5.0.8 reports 2004 again after an update.
      if (faults.isStopped(stream)) socket.send(JSON.stringify({ stopped: true }));
      else if (!isHeld) sendStream(socket, rendition, () => faults.isStopped(stream));
      if (closeCode !== undefined) setTimeout(() => closeSocket(socket, closeCode), afterMs);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `ws://127.0.0.1:${port}`;
  return {
    origin,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a text message with codecs and start time, the init segment, and then each segment when it is published. */
function sendStream(
  socket: WebSocket,
  { tracks, init, ...rendition }: ClipRendition,
  isStopped: () => boolean,
): void {
  const codecs = tracks.map((track) => track.codec).join(',');
  let sequence = liveWindowAt(Date.now()).last;
  const startS = (programDateMs(sequence) - programDateMs(0)) / 1000;
  socket.send(JSON.stringify({ mimeType: `video/mp4; codecs="${codecs}"`, startS }));
  socket.send(init);
  const sendDue = (): void => {
    if (isStopped()) return;
    const { last } = liveWindowAt(Date.now());
    for (; sequence <= last; sequence += 1) socket.send(segmentAt({ tracks, init, ...rendition }, sequence));
  };
  sendDue();
  const timer = setInterval(sendDue, pollMs);
  socket.on('close', () => clearInterval(timer));
}

/** Terminates the connection for codes that an endpoint must not send. */
function closeSocket(socket: WebSocket, code: number): void {
  if (code === 1006) socket.terminate();
  else socket.close(code);
}

function labelOf(stream: string): 'high' | 'medium' | 'low' {
  return stream.endsWith('-high') ? 'high' : stream.endsWith('-medium') ? 'medium' : 'low';
}

async function readBody(request: IncomingMessage): Promise<ControlRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as ControlRequest;
}
