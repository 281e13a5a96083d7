import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type FetchHandler,
} from '@gatecast/server';
import { toNodeListener } from '@gatecast/server/node';
import express from 'express';
import { hostileRequests } from '../support/hostile-requests.js';
import { rawRequest } from '../support/raw-request.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const handler = createTokenHandler({
  issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
  authorize: () => true,
});

async function withServer(listener: RequestListener, use: (origin: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function post(origin: string): Promise<Response> {
  return fetch(`${origin}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: ['ä'] }),
  });
}

async function streamOf(response: Response): Promise<unknown> {
  assert.equal(response.status, 200);
  return ((await response.json()) as { tokens: { stream: string }[] }).tokens[0]?.stream;
}

describe('toNodeListener', () => {
  it('runs a handler in node:http', async () => {
    await withServer(toNodeListener(handler), async (origin) => {
      assert.equal(await streamOf(await post(origin)), 'ä');
      const head = await fetch(`${origin}/api/tokens`, { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('Allow')], [405, 'POST, OPTIONS']);
    });
  });

  for (const [how, app] of [
    ['on its own', express()],
    ['behind express.json()', express().use(express.json())],
  ] as const) {
    it(`runs a handler in Express ${how}`, async () => {
      app.all('/api/tokens', toNodeListener(handler));
      await withServer(app, async (origin) => {
        assert.equal(await streamOf(await post(origin)), 'ä');
        assert.equal((await fetch(`${origin}/api/tokens`)).status, 405);
      });
    });
  }

  it('refuses a body that is too large before its end, with and without Content-Length', async () => {
    await withServer(toNodeListener(handler), async (origin) => {
      const ask = (body: BodyInit) =>
        fetch(`${origin}/api/tokens`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
          ...(body instanceof ReadableStream && { duplex: 'half' }),
        });
      assert.equal((await ask(' '.repeat(2 ** 20))).status, 413);
      const chunk = new TextEncoder().encode(' '.repeat(4096));
      let chunks = 0;
      const unannounced = new ReadableStream<Uint8Array>({
        pull: (controller) => ((chunks += 1) > 16 ? controller.close() : controller.enqueue(chunk)),
      });
      assert.equal((await ask(unannounced)).status, 413);
      assert.equal(await streamOf(await post(origin)), 'ä');
    });
  });

  it('answers to each hostile request, and to the next one', async () => {
    await withServer(toNodeListener(handler), async (origin) => {
      const port = Number(new URL(origin).port);
      const table = hostileRequests({
        host: 'localhost',
        jsonPath: '/api/tokens',
        unknown: [405],
        invalid: [400, 405],
      });
      for (const { name, bytes, statuses, abort } of table) {
        // Which host a request is for is decided in front of the handler.
        if (name === 'two Host headers') continue;
        const { status } = await rawRequest(port, bytes, { abort: abort === true });
        assert.ok(statuses.includes(status), `${name}: ${status}, not ${statuses.join(' or ')}`);
      }
      assert.equal(await streamOf(await post(origin)), 'ä');
    });
  });

  it('sends each cookie in a separate header', async () => {
    const cookies: FetchHandler = async () => {
      const headers = new Headers();
      headers.append('Set-Cookie', 'a=1; Path=/');
      headers.append('Set-Cookie', 'b=2; Path=/');
      return new Response('x', { headers });
    };
    await withServer(toNodeListener(cookies), async (origin) => {
      assert.deepEqual((await fetch(origin)).headers.getSetCookie(), ['a=1; Path=/', 'b=2; Path=/']);
    });
  });

  it('trusts X-Forwarded-For only for the given number of reverse proxies', async () => {
    const seen: (string | undefined)[] = [];
    const spy: FetchHandler = async (_, context) => {
      seen.push(context?.clientAddress);
      return new Response();
    };
    for (const trustedProxies of [0, 1, 2, 5]) {
      await withServer(toNodeListener(spy, { trustedProxies }), async (origin) => {
        await fetch(origin, { headers: { 'X-Forwarded-For': '203.0.113.9, 198.51.100.7' } });
      });
    }
    assert.deepEqual(seen, ['127.0.0.1', '198.51.100.7', '203.0.113.9', '127.0.0.1']);
  });

  it('passes the scheme that trusted reverse proxies report, and no other', async () => {
    const seen: (string | undefined)[] = [];
    const spy: FetchHandler = async (_, context) => {
      seen.push(context?.protocol);
      return new Response();
    };
    const askWith = (trustedProxies: number, headers: Record<string, string>) =>
      withServer(toNodeListener(spy, { trustedProxies }), async (origin) => {
        await fetch(origin, { headers });
      });
    await askWith(0, { 'X-Forwarded-Proto': 'https', Forwarded: 'proto=https' });
    await askWith(1, {});
    await askWith(1, { 'X-Forwarded-Proto': 'http, HTTPS' });
    await askWith(2, { 'X-Forwarded-Proto': 'https' });
    await askWith(1, { Forwarded: 'for=192.0.2.1;proto=http, for="[2001:db8::1]";proto="https"' });
    await askWith(1, { 'X-Forwarded-Proto': 'javascript' });
    assert.deepEqual(seen, [undefined, undefined, 'https', 'https', 'https', undefined]);
  });

  it('supports HTTP/2, with the same trusted reverse proxies', async () => {
    const seen: (string | undefined)[] = [];
    const listener = toNodeListener(
      (request, context) => {
        seen.push(context?.clientAddress);
        return handler(request, context);
      },
      { trustedProxies: 1 },
    );
    const server = createHttp2Server(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const client = connect(`http://127.0.0.1:${port}`);
    try {
      const stream = client.request({
        ':method': 'POST',
        ':path': '/api/tokens',
        'content-type': 'application/json',
        'x-forwarded-for': '203.0.113.9, 198.51.100.7',
      });
      stream.end(JSON.stringify({ purpose: 'playback', streams: ['a'] }));
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      stream.resume();
      assert.equal(headers[':status'], 200);
      assert.deepEqual(seen, ['198.51.100.7']);
    } finally {
      client.close();
      server.close();
    }
  });
});
