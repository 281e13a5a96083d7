import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { toNodeListener } from '@gatecast/server/node';
import express from 'express';
import { createMediaWorld, mediaPlaylist, withLength, type OriginRequest } from './support/media-world.js';
import { startNginx, withoutNginx } from './support/nginx-server.js';

const BODY = JSON.stringify({ purpose: 'playback', streams: ['a'], reason: 'initial' });
const HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/json, multipart/mixed',
  'Accept-Encoding': 'gzip',
  'X-Viewer': '{"user":"u"}',
};

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function post(port: number): Promise<IncomingMessage> {
  const request = httpRequest({ port, host: '127.0.0.1', path: '/', method: 'POST', headers: HEADERS });
  request.end(BODY);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Reads until the text has what is looked for. */
async function readUntil(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  let read = '';
  while (!read.includes(text)) {
    const [chunk] = (await once(stream, 'data')) as [Buffer];
    read += chunk.toString('latin1');
  }
}

/** An endpoint whose media are one segment, and the request for it. */
function createEndpoint(media: (request: OriginRequest) => Response | Promise<Response>, sendMs = 60_000) {
  const { promise: asked, resolve: onAsked } = withResolver<OriginRequest>();
  const { handler } = createMediaWorld({
    playlist: (name) => mediaPlaylist(name).replace(/#EXT-X-MAP.*\n/, ''),
    media: (request) => {
      onAsked(request);
      return media(request);
    },
    bootstrap: { media: { firstByteMs: 60_000, timeoutMs: 60_000, sendMs, maxBytes: 1e8, memoryBytes: 1e8 } },
  });
  return { listener: toNodeListener(handler), asked };
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve = (_: T): void => undefined;
  const promise = new Promise<T>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}

const hang = () => new Promise<never>(() => undefined);

async function aborted({ signal }: OriginRequest): Promise<void> {
  assert.ok(signal);
  if (!signal.aborted) await once(signal, 'abort');
}

describe('media of the first response over HTTP', () => {
  for (const [how, wrap] of [
    ['node:http', (listener: RequestListener) => createServer(listener)],
    ['Express', (listener: RequestListener) => createServer(express().all('/', listener))],
  ] as const) {
    it(`leave the JSON part as soon as it is ready, and stop when the client goes away, in ${how}`, async () => {
      const { listener, asked } = createEndpoint(hang);
      const server = wrap(listener);
      try {
        const response = await post(await listen(server));
        await readUntil(response, '"media":');
        response.destroy();
        await aborted(await asked);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  }

  it('leave the JSON part as soon as it is ready, and stop when the client goes away, in node:http2', async () => {
    const { listener, asked } = createEndpoint(hang);
    const server = createHttp2Server(listener);
    const client = connect(`http://127.0.0.1:${await listen(server)}`);
    try {
      const stream = client.request({ ':method': 'POST', ':path': '/', ...HEADERS });
      stream.end(BODY);
      await readUntil(stream, '"media":');
      stream.close();
      await aborted(await asked);
    } finally {
      client.destroy();
      server.close();
    }
  });

  it('pass a reverse proxy that buffers and compresses, part by part', { skip: withoutNginx }, async () => {
    const { listener, asked } = createEndpoint(hang);
    const server = createServer(listener);
    const nginx = await startNginx(
      `location / { gzip on; gzip_min_length 1; gzip_types *; gzip_proxied any;
         proxy_pass http://127.0.0.1:${await listen(server)}; }`,
    );
    try {
      const response = await post(Number(new URL(nginx.origin).port));
      assert.match(response.headers['content-type'] ?? '', /^multipart\/mixed/);
      if (response.headers['content-encoding'] === undefined) await readUntil(response, '"media":');
      // nginx ignores no-transform, but flushes what it compresses.
      else await once(response, 'data');
      response.destroy();
      await aborted(await asked);
    } finally {
      await nginx.stop();
      server.closeAllConnections();
      server.close();
    }
  });

  it('close the connection of a client that does not read', async () => {
    // More than the buffers of two sockets.
    const { listener } = createEndpoint(() => withLength(Buffer.alloc(4e7)), 300);
    const server = createServer(listener);
    const connected = once(server, 'connection') as Promise<[Socket]>;
    try {
      const response = await post(await listen(server));
      // It is reported here, too.
      response.on('error', () => undefined);
      const closed = new Promise((resolve) => response.once('close', resolve));
      response.pause();
      const [socket] = await connected;
      if (!socket.closed) await once(socket, 'close');
      response.resume();
      await closed;
      assert.equal(response.complete, false);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
