import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { loadClip, segmentAt, type ClipRendition } from '../../../demo/backend/live-origin/clip.js';
import { liveWindowAt, programDateMs } from '../../../demo/backend/live-origin/live-timeline.js';
import { checkToken, type TokenVerdict } from './token-check.js';

/*
 * A double of the vendor's media server, for tests only, without any of the vendor's code. It implements the protocol as
 * observed. Like the vendor's server, it checks a token only when a connection starts.
 */

/** What the server does with the next connection, regardless of its token. */
export interface SocketInstruction {
  /** HTTP status that refuses the handshake. Browsers hide it from scripts. */
  readonly handshakeStatus?: number;
  /** Close code, sent at once as a refusal, or after `afterMs` of media. */
  readonly closeCode?: number;
  readonly afterMs?: number;
}

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

/** Starts the double. `POST /control` takes instructions or closes all connections, `GET /connections` lists them. */
export async function startNanoSocketServer(backendOrigin: string): Promise<NanoSocketServer> {
  const clip = loadClip();
  const sockets = new WebSocketServer({ noServer: true });
  let instructions: SocketInstruction[] = [];
  let connections: SocketConnection[] = [];

  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.url === '/connections') return void response.end(JSON.stringify(connections));
    void readBody(request).then((body) => {
      control(body);
      response.writeHead(204).end();
    });
  });

  function control({ next, closeAll, reset }: ControlRequest): void {
    if (reset) {
      instructions = [];
      connections = [];
    }
    if (next) instructions.push(...next);
    if (closeAll !== undefined) for (const socket of sockets.clients) closeSocket(socket, closeAll);
  }

  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    void accept(request, duplex, head).catch(() => duplex.destroy());
  });

  async function accept(request: IncomingMessage, duplex: Duplex, head: Buffer): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams;
    const stream = query.get('stream') ?? '';
    const instruction = instructions.shift();
    const isOverruled = instruction?.handshakeStatus !== undefined || instruction?.closeCode !== undefined;
    const verdict = isOverruled ? 'instructed' : await checkToken(query, stream, backendOrigin);
    connections.push({ atMs: Date.now(), stream, verdict, fields: [...query.keys()] });
    if (instruction?.handshakeStatus !== undefined) {
      duplex.end(`HTTP/1.1 ${instruction.handshakeStatus} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      if (typeof verdict === 'number') {
        closeSocket(socket, verdict);
        return;
      }
      const rendition = clip.get(labelOf(stream));
      if (!rendition) {
        closeSocket(socket, 4404);
        return;
      }
      const { closeCode, afterMs } = instruction ?? {};
      if (closeCode !== undefined && afterMs === undefined) {
        closeSocket(socket, closeCode);
        return;
      }
      sendStream(socket, rendition);
      if (closeCode !== undefined) setTimeout(() => closeSocket(socket, closeCode), afterMs);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `ws://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface ControlRequest {
  readonly next?: readonly SocketInstruction[];
  readonly closeAll?: number;
  readonly reset?: boolean;
}

/** Sends a text message with codecs and start time, the init segment, and then each segment when it is published. */
function sendStream(socket: WebSocket, { tracks, init, ...rendition }: ClipRendition): void {
  const codecs = tracks.map((track) => track.codec).join(',');
  let sequence = liveWindowAt(Date.now()).last;
  const startS = (programDateMs(sequence) - programDateMs(0)) / 1000;
  socket.send(JSON.stringify({ mimeType: `video/mp4; codecs="${codecs}"`, startS }));
  socket.send(init);
  const sendDue = (): void => {
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
