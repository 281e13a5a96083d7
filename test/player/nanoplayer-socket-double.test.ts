import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { createBackend, type ListeningBackend } from '../../demo/backend/backend.js';
import { startNanoSocketServer, type NanoSocketServer } from '../doubles/nanoplayer/socket-server.js';

let backend: ListeningBackend;
let server: NanoSocketServer;
let nowMs = Date.now();

async function askVendor(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${backend.origin}/nanostream${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-BINTU-APIKEY': 'demo-api-key' },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function securityFor(streamname: string): Promise<Record<string, string>> {
  const body = { streamname, expires: String(Math.floor(nowMs / 1000) + 60), tag: 'a' };
  const answer = (await askVendor('/secure/token', body)) as { h5live: { security: Record<string, string> } };
  return answer.h5live.security;
}

async function jwtFor(stream: string): Promise<string> {
  const body = { streams: [stream], exp: Math.floor(nowMs / 1000) + 60 };
  const answer = (await askVendor('/api/v1/splay', body)) as { data: { token: string } };
  return answer.data.token;
}

/** `ok` when media comes, else the close code, or the status of the handshake. */
function connect(stream: string, fields: Record<string, string>): Promise<string> {
  const query = new URLSearchParams({ url: 'rtmp://a/play', stream, cid: '1', pid: '1', ...fields });
  const socket = new WebSocket(`${server.origin}/h5live/stream.mp4?${query.toString()}`);
  return new Promise((resolve) => {
    socket.on('message', () => resolve('ok'));
    socket.on('close', (code) => resolve(String(code)));
    socket.on('unexpected-response', (_, { statusCode }) => resolve(`HTTP ${statusCode}`));
    socket.on('error', () => undefined);
  }).finally(() => socket.close()) as Promise<string>;
}

describe('the double of the vendor’s media server', () => {
  before(async () => {
    backend = await (await createBackend({ now: () => nowMs })).listen();
    server = await startNanoSocketServer(backend.origin);
  });
  after(async () => {
    await server.close();
    await backend.close();
  });

  it('plays for a playback JWT of the stream, and refuses another stream’s', async () => {
    const jwtoken = await jwtFor('demo-low');
    assert.equal(await connect('demo-low', { jwtoken }), 'ok');
    assert.equal(await connect('demo-high', { jwtoken }), '4901');
  });

  it('plays for an STS object of the stream, and refuses an incomplete one or another stream’s', async () => {
    const security = await securityFor('demo-low');
    assert.equal(await connect('demo-low', security), 'ok');
    assert.equal(await connect('demo-high', security), '4901');
    assert.equal(await connect('demo-low', { ...security, tag: 'b' }), '4901');
    assert.equal(await connect('demo-low', { ...security, options: '' }), '4903');
  });

  it('refuses a connection without a token', async () => {
    assert.equal(await connect('demo-low', {}), '4903');
  });

  it('refuses expired tokens', async () => {
    const jwtoken = await jwtFor('demo-low');
    const security = await securityFor('demo-low');
    nowMs += 61_000;
    assert.equal(await connect('demo-low', { jwtoken }), '4903');
    assert.equal(await connect('demo-low', security), '4903');
  });

  it('applies each fault of a test once', async () => {
    const post = (body: object) =>
      fetch(`${server.origin.replace('ws:', 'http:')}/control`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
    await post({ next: [{ handshakeStatus: 503 }, { closeCode: 4401 }] });
    const jwtoken = await jwtFor('demo-low');
    assert.equal(await connect('demo-low', { jwtoken }), 'HTTP 503');
    assert.equal(await connect('demo-low', { jwtoken }), '4401');
  });
});
