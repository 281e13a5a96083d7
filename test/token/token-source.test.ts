import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  noSource,
  customSource,
  endpointSource,
  GatecastError,
  readRetryAfterMs,
  type TokenRequest,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

const TOKEN_URL = 'https://shop.example/api/tokens';
const REQUEST: TokenRequest = { purpose: 'playback', streams: ['a', 'b'], reason: 'initial' };

function setUp(
  answer: (init: RequestInit) => Promise<Response>,
  options: { credentials?: RequestCredentials; timeoutMs?: number } = {},
) {
  const time = new FakeClock();
  const requests: { url: string; init: RequestInit }[] = [];
  const controller = new AbortController();
  const source = endpointSource({
    url: TOKEN_URL,
    clock: time.clock,
    fetch: async (input, init = {}) => {
      requests.push({ url: input as string, init });
      return answer(init);
    },
    ...options,
  });
  const ask = () => source.request(REQUEST, { signal: controller.signal });
  return { time, requests, controller, ask };
}

const answering = (body: string, init?: ResponseInit) => setUp(async () => new Response(body, init));
const never = () => new Promise<never>(() => {});

describe('endpointSource', () => {
  it('posts the request as JSON, without cache', async () => {
    const { ask, requests } = answering('{"token":"t"}');
    assert.deepEqual(await ask(), { token: 't' });
    const [{ url, init } = { url: '', init: {} }] = requests;
    assert.equal(url, TOKEN_URL);
    assert.equal(init.method, 'POST');
    assert.equal(init.cache, 'no-store');
    assert.equal(init.credentials, 'same-origin');
    assert.deepEqual(JSON.parse(init.body as string), REQUEST);
    const headers = new Headers(init.headers);
    assert.equal(headers.get('Content-Type'), 'application/json');
    assert.match(headers.get('Accept') ?? '', /application\/json/);
  });

  it('sends cookies to other origins with credentials: include', async () => {
    const { ask, requests } = setUp(async () => new Response('t'), { credentials: 'include' });
    await ask();
    assert.equal(requests[0]?.init.credentials, 'include');
  });

  for (const [body, answer] of [
    ['abc\n', 'abc'],
    ['"abc"', 'abc'],
    [' {"a":1} ', { a: 1 }],
    ['', ''],
    ['null', null],
    ['true', true],
  ] as const) {
    it(`reads the body ${JSON.stringify(body)}`, async () =>
      assert.deepEqual(await answering(body).ask(), answer));
  }

  it('reports invalid JSON without showing it', async () => {
    const { ask } = answering('{"token":"s3cr3t-s3cr3t');
    await assert.rejects(
      ask(),
      (error) =>
        error instanceof GatecastError &&
        error.code === 'token-response-invalid' &&
        error.cause === undefined,
    );
  });

  for (const status of [401, 403]) {
    it(`treats ${status} as final`, async () => {
      const { ask } = answering('{}', { status, headers: { 'Retry-After': '1' } });
      await assert.rejects(ask(), {
        code: 'token-refused',
        status,
        retryable: false,
        retryAfterMs: undefined,
      });
    });
  }
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    it(`treats ${status} as retryable, with Retry-After`, async () => {
      const { ask } = answering('{}', { status, headers: { 'Retry-After': '7' } });
      await assert.rejects(ask(), {
        code: 'token-endpoint-failed',
        status,
        retryable: true,
        retryAfterMs: 7000,
      });
    });
  }
  for (const status of [400, 404, 405, 413, 422]) {
    it(`treats ${status} as a configuration error`, async () => {
      await assert.rejects(answering('{}', { status }).ask(), {
        code: 'token-endpoint-failed',
        status,
        retryable: false,
      });
    });
  }

  it('has different errors for an unreachable and a slow endpoint', async () => {
    const { ask } = setUp(async () => Promise.reject(new TypeError('Failed to fetch')));
    await assert.rejects(ask(), { code: 'token-endpoint-unreachable', retryable: true });
  });

  for (const [name, answer] of [
    ['an answer', never],
    ['a body', async () => new Response(new ReadableStream({}))],
  ] as const) {
    it(`ends at its timeout without ${name}, also if fetch ignores the signal`, async () => {
      const { ask, time } = setUp(answer, { timeoutMs: 3000 });
      const asked = assert.rejects(ask(), {
        code: 'token-endpoint-timeout',
        message: /3 s/,
        retryable: true,
      });
      await time.advance(3000);
      await asked;
      assert.equal(time.clock.pending, 0);
    });
  }

  it('ends with its signal and has nothing pending', async () => {
    const { ask, time, controller, requests } = setUp(never);
    const reason = new Error('left');
    const asked = assert.rejects(ask(), reason);
    controller.abort(reason);
    assert.equal(time.clock.pending, 0);
    assert.equal(requests[0]?.init.signal?.aborted, true);
    await asked;
  });

  it('is one source for one URL and credentials, unless it has its own fetch', () => {
    const key = (credentials?: RequestCredentials, url = TOKEN_URL) =>
      endpointSource({ url, ...(credentials && { credentials }) }).key;
    assert.equal(key(), key('same-origin'));
    assert.notEqual(key(), key('include'));
    assert.notEqual(key(), key(undefined, `${TOKEN_URL}/2`));
    assert.notEqual(endpointSource({ url: TOKEN_URL, fetch: globalThis.fetch }).key, key());
  });
});

describe('customSource', () => {
  const ask = (
    run: (request: TokenRequest, options: { signal: AbortSignal }) => Promise<never>,
    time = new FakeClock(),
  ) => {
    const controller = new AbortController();
    const asked = customSource(run, { clock: time.clock }).request(REQUEST, { signal: controller.signal });
    asked.catch(() => undefined);
    return { asked, controller, time };
  };

  it('passes the request to the function and returns its result', async () => {
    const source = customSource(async (request) => `${request.reason} ${request.streams.join()}`);
    assert.equal(await source.request(REQUEST, { signal: new AbortController().signal }), 'initial a,b');
  });

  it('wraps errors of the function, and keeps a typed error unchanged', async () => {
    const cause = new RangeError('no session');
    const rejected = ask(() => Promise.reject(cause)).asked;
    await assert.rejects(
      rejected,
      (error) =>
        error instanceof GatecastError &&
        error.code === 'token-source-failed' &&
        error.retryable &&
        (error.cause as Error).name === 'RangeError',
    );
    await assert.rejects(
      ask(() => {
        throw cause;
      }).asked,
      { code: 'token-source-failed' },
    );
    const typed = new GatecastError('token-refused', 'No.', { hint: 'Sign in.' });
    await assert.rejects(ask(() => Promise.reject(typed)).asked, typed);
  });

  it('ends at its timeout if the promise never settles, and aborts the function’s signal', async () => {
    let given: AbortSignal | undefined;
    const { asked, time } = ask((_, { signal }) => ((given = signal), never()));
    await time.advance(60_000);
    await assert.rejects(asked, { code: 'token-endpoint-timeout', retryable: true });
    assert.equal(given?.aborted, true);
    assert.equal(time.clock.pending, 0);
  });

  it('ends with its signal', async () => {
    const { asked, time, controller } = ask(never);
    const reason = new Error('left');
    controller.abort(reason);
    assert.equal(time.clock.pending, 0);
    await assert.rejects(asked, reason);
  });
});

describe('no source', () => {
  const { signal } = new AbortController();
  it('rejects every request with a final error', async () => {
    for (const reason of ['initial', 'scheduled', 'rejected', 'resume', 'manual'] as const)
      await assert.rejects(noSource().request({ ...REQUEST, reason }, { signal }), {
        code: 'token-source-missing',
        retryable: false,
      });
  });
});

describe('Retry-After', () => {
  const read = (headers: Record<string, string>, nowMs?: number) =>
    readRetryAfterMs(new Headers(headers), nowMs);
  const DATE = 'Tue, 20 Feb 2024 19:27:37 GMT';
  const atMs = Date.parse(DATE);

  it('reads seconds', () => {
    assert.equal(read({ 'Retry-After': '120' }), 120_000);
    assert.equal(read({ 'Retry-After': ' 0 ' }), 0);
  });

  it('reads a date, by the server’s clock if it is known', () => {
    assert.equal(read({ 'Retry-After': DATE }, atMs - 5000), 5000);
    assert.equal(
      read({ 'Retry-After': DATE, Date: 'Tue, 20 Feb 2024 19:27:27 GMT' }, atMs + 600_000),
      10_000,
    );
    assert.equal(read({ 'Retry-After': DATE }, atMs + 5000), 0);
  });

  it('ignores other values', () => {
    for (const headers of [
      {},
      { 'Retry-After': '' },
      { 'Retry-After': 'soon' },
      { 'Retry-After': '-5' },
    ] as Record<string, string>[])
      assert.ok([undefined, 0].includes(read(headers, Date.UTC(2030, 0))));
  });
});
