import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type FetchHandler,
} from '@gatecast/server';
import { toNodeListener, type NodeListener } from '@gatecast/server/node';
import express from 'express';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const lines: string[] = [];
const logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (_: unknown, text: string) => lines.push(text),
};
const tokens = createTokenHandler({
  issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
  authorize: () => true,
  // A handler that waits for a body that never comes would end with 408, and this test with it.
  bodyTimeoutMs: 60_000,
  logger,
});
const question = JSON.stringify({ purpose: 'playback', streams: ['ä'] });

type Incoming = IncomingMessage & { body?: unknown; rawBody?: unknown };
type Prepare = (incoming: Incoming) => Promise<unknown>;

async function withServer(listener: RequestListener, use: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    await use(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A server that reads the request as a framework does, and calls the listener after it. */
function framework(prepare: Prepare, listener: NodeListener = toNodeListener(tokens)): RequestListener {
  return (incoming, outgoing) => void prepare(incoming).then(() => listener(incoming, outgoing));
}

async function ask(
  listener: RequestListener,
  body: BodyInit = question,
  headers: Record<string, string> = {},
) {
  let answer: { status: number; body: Record<string, unknown> } | undefined;
  await withServer(listener, async (origin) => {
    const response = await fetch(origin, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
    answer = { status: response.status, body: (await response.json()) as Record<string, unknown> };
  });
  assert.ok(answer);
  return answer;
}

async function readAll(incoming: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function parsed(incoming: Readable): Promise<unknown> {
  return JSON.parse(String(await readAll(incoming))) as unknown;
}

const WARNING = 'GATECAST_BODY_READ';

interface Warning extends Error {
  code?: string;
}

/** Resolves with the next warning of this kind. Other tests of the process may cause others. */
function nextWarning(): Promise<Warning> {
  return new Promise((resolve) => {
    const look = (warning: Warning): void => {
      if (warning.code !== WARNING) return;
      process.off('warning', look);
      resolve(warning);
    };
    process.on('warning', look);
  });
}

class Form {
  readonly purpose = 'playback';
}

describe('toNodeListener after the body was read', () => {
  const left: readonly (readonly [string, Prepare])[] = [
    ['parsed JSON in body', async (it) => (it.body = await parsed(it))],
    ['a text in body', async (it) => (it.body = String(await readAll(it)))],
    ['bytes in body', async (it) => (it.body = await readAll(it))],
    [
      'bytes in rawBody, beside a changed body',
      async (it) => Object.assign(it, { rawBody: await readAll(it), body: {} }),
    ],
    [
      'an object without a prototype',
      async (it) => (it.body = Object.assign(Object.create(null) as object, await parsed(it))),
    ],
  ];
  for (const [name, prepare] of left) {
    it(`uses ${name}`, async () => {
      const { status, body } = await ask(framework(prepare));
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal((body['tokens'] as { stream: string }[])[0]?.stream, 'ä');
    });
  }

  for (const [name, parser] of [
    ['express.json()', express.json()],
    ['express.text()', express.text({ type: '*/*' })],
    ['express.raw()', express.raw({ type: '*/*' })],
  ] as const) {
    it(`answers behind ${name}`, async () => {
      const app = express().use(parser);
      app.all('/', toNodeListener(tokens));
      assert.equal((await ask(app)).status, 200);
    });
  }

  it('reads the stream if a framework has set body without reading', async () => {
    const { status } = await ask(framework(async (it) => (it.body = {})));
    assert.equal(status, 200);
  });

  it('reads a stream with an encoding', async () => {
    const { status, body } = await ask(framework(async (it) => it.setEncoding('utf8')));
    assert.equal(status, 200);
    assert.equal((body['tokens'] as { stream: string }[])[0]?.stream, 'ä');
  });

  const lost: readonly (readonly [string, Prepare])[] = [
    // Koa's body parsers keep the body on their own object, and the request has been closed when the route runs.
    [
      'nothing, after the request was closed',
      async (it) => (await readAll(it), it.closed || once(it, 'close')),
    ],
    // Fastify calls the route within the event.
    ['nothing, at the end of the stream', async (it) => (it.resume(), once(it, 'end'))],
    ['a part of the stream', async (it) => (await once(it, 'data'), it.pause())],
    ['a stream in body', async (it) => (await readAll(it), (it.body = Readable.from([])))],
    ['an object of a class in body', async (it) => (await readAll(it), (it.body = new Form()))],
  ];
  for (const [name, prepare] of lost) {
    it(`answers 500 with what to change if it left ${name}`, async () => {
      const warning = nextWarning();
      lines.length = 0;
      const { status, body } = await ask(framework(prepare));
      assert.equal(status, 500);
      assert.equal(body['code'], 'internal');
      assert.match(String(body['hint']), /before the body parser/);
      const { message } = await warning;
      assert.match(message, /before the body parser/);
      assert.match(lines.join(), /was read before/);
    });
  }

  it('warns once for many requests', async () => {
    const codes: unknown[] = [];
    const note = ({ code }: Warning): unknown => code === WARNING && codes.push(code);
    process.on('warning', note);
    const listener = framework(async (it) => readAll(it), toNodeListener(tokens));
    for (let count = 0; count < 3; count += 1) assert.equal((await ask(listener)).status, 500);
    // A warning is emitted in a later tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.deepEqual(codes, [WARNING]);
  });

  it('has the same size limit', async () => {
    const parse: Prepare = async (it) => (it.body = await parsed(it));
    const large = JSON.stringify({ purpose: 'playback', streams: ['a'.repeat(20_000)] });
    assert.equal((await ask(framework(parse), large)).status, 413);
    assert.equal((await ask(framework(parse), new Blob([large]).stream())).status, 413);
    // The size counts as it was sent, also where the parsed data is smaller.
    assert.equal((await ask(framework(parse), question + ' '.repeat(20_000))).status, 413);
  });

  it('answers 400 to JSON that is nested too deep to write again', async () => {
    const parse: Prepare = async (it) => {
      await readAll(it);
      let deep: unknown = 1;
      for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
      it.body = deep;
    };
    const { status, body } = await ask(framework(parse));
    assert.deepEqual([status, body['code']], [400, 'request-invalid']);
  });

  it('fails at once in a handler that is not of this package', async () => {
    const own: FetchHandler = (request) =>
      request.json().then(
        (body) => Response.json(body),
        (error: unknown) => Response.json({ error: String(error) }, { status: 400 }),
      );
    const lostBody = await ask(framework(async (it) => readAll(it), toNodeListener(own)));
    assert.equal(lostBody.status, 400);
    assert.match(String(lostBody.body['error']), /was read before/);
    const given = await ask(framework(async (it) => (it.body = await readAll(it)), toNodeListener(own)));
    assert.deepEqual(given.body, JSON.parse(question));
  });

  it('does not wait for a client that has gone', async () => {
    const seen: unknown[] = [];
    let answered: (() => void) | undefined;
    const isAnswered = new Promise<void>((resolve) => (answered = resolve));
    const spy: FetchHandler = async (_, context) => {
      seen.push(await context?.readBody?.(100).catch((error: unknown) => String(error)));
      answered?.();
      return new Response();
    };
    const gone: Prepare = async (it) => (it.on('error', () => undefined).destroy(), once(it, 'close'));
    await withServer(framework(gone, toNodeListener(spy)), async (origin) => {
      await fetch(origin, { method: 'POST', body: question }).catch(() => undefined);
      await isAnswered;
    });
    assert.deepEqual(seen, ['Error: The connection was closed before the end of the request.']);
  });

  it('does the same in HTTP/2', async () => {
    const listener = toNodeListener(tokens);
    const warning = nextWarning();
    for (const [isPassedOn, status] of [
      [true, 200],
      [false, 500],
    ] as const) {
      const server = createHttp2Server((incoming: Http2ServerRequest & { body?: unknown }, outgoing) => {
        void readAll(incoming).then((bytes) => {
          if (isPassedOn) incoming.body = JSON.parse(String(bytes)) as unknown;
          listener(incoming, outgoing);
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const client = connect(
        `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
      );
      const stream = client.request({ ':method': 'POST', 'content-type': 'application/json' });
      stream.end(question);
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      stream.resume();
      assert.equal(headers[':status'], status);
      client.close();
      server.close();
    }
    await warning;
  });
});
