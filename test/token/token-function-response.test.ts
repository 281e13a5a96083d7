import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  customSource,
  endpointSource,
  GatecastError,
  TokenManager,
  type TokenFunction,
  type TokenRequest,
  type TokenSource,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder } from '../support/fake-token-backend.js';
import { swallow } from './support/failing-manager.js';

const TOKEN_URL = 'https://shop.example/api/tokens';
const REQUEST: TokenRequest = { purpose: 'playback', streams: ['a', 'b'], reason: 'initial' };
const MIB = 1024 * 1024;

const doors: Record<string, (answer: () => Response | Promise<Response>, time: FakeClock) => TokenSource> = {
  'token-url': (answer, { clock }) =>
    endpointSource({ url: TOKEN_URL, clock, fetch: () => Promise.resolve(answer()) }),
  tokenSource: (answer, { clock }) => customSource(answer, { clock }),
};

/** What a source gives for a response, with what an error says for programs. */
async function outcome(source: TokenSource, now?: () => number): Promise<unknown> {
  const { signal } = new AbortController();
  try {
    return { answer: await source.request(REQUEST, { signal, ...(now && { now }) }) };
  } catch (error) {
    assert.ok(error instanceof GatecastError, String(error));
    const { code, message, status, retryable, retryAfterMs } = error;
    return { code, message, status, retryable, retryAfterMs };
  }
}

const DATE = 'Tue, 20 Feb 2024 19:27:37 GMT';
const part = (headers: string, body: string) =>
  `--b7f3\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n`;

const responses: Record<string, () => Response> = {
  'a bare token': () => new Response('abc\n'),
  JSON: () => Response.json({ tokens: [{ stream: 'a', token: 't' }], serverTime: 1 }),
  'broken JSON': () => new Response('{"token":"'),
  'no body': () => new Response(null, { status: 204 }),
  'a body of more than 4 MiB': () => new Response('x'.repeat(4 * MIB + 1)),
  'an endless body': () =>
    new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(MIB)) })),
  'a body that breaks off': () =>
    new Response(new ReadableStream({ pull: (to) => to.error(new TypeError('terminated')) })),
  'parts without a first one': () =>
    new Response('', { headers: { 'Content-Type': 'multipart/mixed; boundary=b7f3' } }),
  '401 with problem details': () =>
    Response.json({ code: 'unauthenticated', detail: 'Sign in.' }, { status: 401 }),
  ...Object.fromEntries(
    [301, 400, 401, 403, 404, 408, 425, 429, 500, 503].map((status) => [
      String(status),
      () => new Response('{"token":"t"}', { status, headers: { 'Retry-After': '7' } }),
    ]),
  ),
  'Retry-After as a date, with Date': () =>
    new Response('', {
      status: 503,
      headers: { 'Retry-After': DATE, Date: 'Tue, 20 Feb 2024 19:27:27 GMT' },
    }),
  'Retry-After as a date, by the server’s clock': () =>
    new Response('', { status: 429, headers: { 'Retry-After': DATE } }),
};

describe('a Response of tokenSource', () => {
  for (const [name, response] of Object.entries(responses)) {
    it(`means what it means from token-url: ${name}`, async () => {
      const time = new FakeClock();
      const now = () => Date.parse(DATE) - 20_000;
      const [expected, found] = await Promise.all(
        Object.values(doors).map((open) => outcome(open(response, time), now)),
      );
      assert.deepEqual(found, expected);
      assert.equal(time.clock.pending, 0);
    });
  }

  it('may be given without a promise', async () => {
    const source = customSource(() => new Response('abc'), { clock: new FakeClock().clock });
    assert.deepEqual(await outcome(source), { answer: 'abc' });
  });

  it('brings playlists and media in parts', async () => {
    const url = 'https://media.example/live/init.mp4';
    const body = JSON.stringify({ tokens: [], media: [{ url }] });
    const mixed = () =>
      new Response(
        part('Content-Type: application/json', body) +
          part(`Content-Type: video/mp4\r\nContent-Location: ${url}`, 'init') +
          '--b7f3--\r\n',
        { headers: { 'Content-Type': 'multipart/mixed; boundary=b7f3' } },
      );
    for (const open of Object.values(doors)) {
      const time = new FakeClock();
      const { signal } = new AbortController();
      const answer = (await open(mixed, time).request(REQUEST, { signal })) as {
        media: { url: string; data: Promise<ArrayBuffer> }[];
      };
      assert.equal(answer.media[0]?.url, url);
      assert.equal(new TextDecoder().decode(await answer.media[0].data), 'init');
      await time.advance(0);
      assert.equal(time.clock.pending, 0);
    }
  });

  for (const [name, answer] of [
    ['its promise', () => new Promise<Response>(() => {})],
    ['its body', () => new Response(new ReadableStream({}))],
  ] as const) {
    it(`ends after 60 s without ${name}`, async () => {
      const time = new FakeClock();
      const asked = outcome(customSource(answer, { clock: time.clock }));
      await time.advance(59_999);
      assert.equal(time.clock.pending, 1);
      await time.advance(1);
      const { code, message } = (await asked) as GatecastError;
      assert.equal(code, 'token-endpoint-timeout');
      assert.match(message, /within 60 s/);
      assert.equal(time.clock.pending, 0);
    });
  }

  it('may be of another window', async () => {
    const inner = new Response('abc');
    const foreign = Object.create(
      Object.defineProperty({}, Symbol.toStringTag, { value: 'Response' }),
      Object.fromEntries(
        (['ok', 'status', 'type', 'headers', 'body', 'bodyUsed'] as const).map((key) => [
          key,
          { get: () => inner[key] },
        ]),
      ),
    ) as Response;
    assert.ok(!(foreign instanceof Response));
    assert.deepEqual(await outcome(customSource(() => foreign)), { answer: 'abc' });
  });

  it('that nobody can read is an error that says why', async () => {
    const ofType = (type: ResponseType) => {
      const hidden = Response.error();
      Object.defineProperty(hidden, 'type', { value: type });
      return hidden;
    };
    const read = async () => {
      const response = new Response('abc');
      await response.text();
      return response;
    };
    const locked = () => {
      const response = new Response('abc');
      response.body?.getReader();
      return response;
    };
    for (const [answer, why] of [
      [() => ofType('opaque'), /its type is "opaque"/],
      [() => ofType('opaqueredirect'), /its type is "opaqueredirect"/],
      [() => Response.error(), /its type is "error"/],
      [read, /its body has been read/],
      [locked, /its body has been read/],
    ] as const) {
      const time = new FakeClock();
      const found = (await outcome(customSource(answer, { clock: time.clock }))) as GatecastError;
      assert.equal(found.code, 'token-response-invalid');
      assert.match(found.message, why);
      assert.equal(found.retryable, false);
      assert.equal(time.clock.pending, 0);
    }
  });

  it('with a status of failure may have been read: the status is enough', async () => {
    const answer = async () => {
      const response = new Response('{}', { status: 401 });
      await response.json();
      return response;
    };
    assert.equal(((await outcome(customSource(answer))) as GatecastError).code, 'token-refused');
  });
});

describe('a manager on a Response of tokenSource', () => {
  function open(door: string, answer: () => Response) {
    const time = new FakeClock();
    const askedAtMs: number[] = [];
    const startMs = time.wallMs;
    const count = () => {
      askedAtMs.push(time.wallMs - startMs);
      return answer();
    };
    const source = doors[door]?.(count, time) ?? assert.fail(door);
    const options = { source, purpose: 'playback', clock: time.clock, random: () => 0.5 } as const;
    const manager = new TokenManager(options);
    const recorder = new EventRecorder();
    manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
    return { time, manager, recorder, askedAtMs };
  }

  for (const door of Object.keys(doors)) {
    it(`asks once after 401 with ${door}, however long the viewer stays`, async () => {
      const { time, manager, askedAtMs, recorder } = open(door, () => new Response('', { status: 401 }));
      for (let second = 0; second < 600; second += 1) {
        void swallow(manager.get('a'));
        await time.advance(1000);
      }
      assert.equal(askedAtMs.length, 1);
      assert.deepEqual(
        recorder.failed.map(({ willRetryInMs }) => willRetryInMs),
        [null],
      );
    });

    it(`waits for Retry-After with ${door}`, async () => {
      const answer = () => new Response('', { status: 503, headers: { 'Retry-After': '30' } });
      const { time, manager, askedAtMs } = open(door, answer);
      void swallow(manager.get('a'));
      await time.advance(45_000);
      assert.equal(askedAtMs.length, 2);
      assert.ok((askedAtMs[1] ?? 0) >= 30_000);
    });
  }

  it('asks for each stream alone if one of them is refused', async () => {
    const time = new FakeClock();
    const asked: string[] = [];
    const tokenFunction: TokenFunction = ({ streams }) => {
      asked.push(streams.join());
      return streams.includes('b') ? new Response('', { status: 403 }) : new Response('token-of-a');
    };
    const source = customSource(tokenFunction, { clock: time.clock });
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    manager.lease({ streams: ['a', 'b'] });
    const tokens = [manager.get('a'), manager.get('b')].map((token) =>
      token.catch((error: unknown) => error),
    );
    await time.advance(20);
    const [first, second] = await Promise.all(tokens);
    assert.deepEqual(asked, ['a,b', 'a', 'b']);
    assert.equal((first as { value: string }).value, 'token-of-a');
    assert.equal((second as GatecastError).code, 'token-refused');
  });
});
