import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, tokenEndpoint, type TokenEndpointOptions, type TokenRequest } from '@gatecast/token';
import { fakeEndpoint } from './support/fake-endpoint.js';

const URL_OF_PAGE = 'https://shop.example/my/token';
const REQUEST: TokenRequest = { purpose: 'playback', streams: ['live one'], reason: 'initial' };
const SECRET = 'secret-3f9c27ab51';

/** Asks once, as an element does. */
async function ask(options: TokenEndpointOptions, request = REQUEST): Promise<unknown> {
  return tokenEndpoint(options)(request, { signal: new AbortController().signal });
}

async function failure(options: unknown, request = REQUEST): Promise<GatecastError> {
  const error: unknown = await ask(options as TokenEndpointOptions, request).then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatecastError, String(error));
  return error;
}

describe('tokenEndpoint', () => {
  it('sends what token-url sends, unless an option says otherwise', async () => {
    const { fetch, sent } = fakeEndpoint(() => Response.json({ token: 'opaque-token' }));
    assert.deepEqual(await ask({ url: URL_OF_PAGE, fetch }), { token: 'opaque-token' });
    assert.deepEqual(
      sent.map(({ url, method, body, contentType, credentials, cache }) => ({
        ...{ url, method, body: JSON.parse(body ?? '') as unknown, contentType, credentials, cache },
      })),
      [
        {
          ...{ url: URL_OF_PAGE, method: 'POST', body: REQUEST, contentType: 'application/json' },
          ...{ credentials: 'same-origin', cache: 'no-store' },
        },
      ],
    );
  });

  it('puts the stream into the query of a GET request, after what is there', async () => {
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    const url = `${URL_OF_PAGE}?a=1%2F2`;
    await ask({ url, method: 'GET', fetch });
    await ask(
      { url: new URL(URL_OF_PAGE), method: 'GET', batch: true, fetch },
      { ...REQUEST, streams: ['a', 'b'] },
    );
    assert.deepEqual(
      sent.map(({ url, method, body, contentType }) => [method, url, body, contentType]),
      [
        ['GET', `${url}&stream=live%20one`, undefined, null],
        ['GET', `${URL_OF_PAGE}?stream=a&stream=b`, undefined, null],
      ],
    );
  });

  it('puts the stream into an address with {stream}, as one segment, and calls a function for the address', async () => {
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    const request = { ...REQUEST, streams: ['a/../$&?b'] };
    await ask({ url: 'https://shop.example/{stream}/token', method: 'GET', fetch }, request);
    await ask({
      url: ({ purpose }) => Promise.resolve(`${URL_OF_PAGE}?for=${purpose}`),
      method: 'GET',
      fetch,
    });
    assert.deepEqual(
      sent.map(({ url }) => url),
      ['https://shop.example/a%2F..%2F%24%26%3Fb/token', `${URL_OF_PAGE}?for=playback`],
    );
  });

  it('sends headers of an object or of a function, which replace its own', async () => {
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    await ask({ url: URL_OF_PAGE, headers: { Authorization: 'Bearer x', accept: 'text/plain' }, fetch });
    await ask({ url: URL_OF_PAGE, headers: () => Promise.resolve([['X-CSRF-Token', 'y']]), fetch });
    assert.deepEqual(
      sent.map(({ headers }) => ['Authorization', 'Accept', 'X-CSRF-Token'].map((name) => headers.get(name))),
      [
        ['Bearer x', 'text/plain', null],
        [null, 'application/json,application/jwt,text/plain,multipart/mixed', 'y'],
      ],
    );
    assert.equal(sent[1]?.contentType, 'application/json');
  });

  it('sends objects as JSON, and other bodies as they are', async () => {
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    const body = ({ streams: [stream = ''] }: TokenRequest) => ({ variables: { stream } });
    const form = new URLSearchParams({ stream: 'a b' });
    await ask({ url: URL_OF_PAGE, body, fetch });
    await ask({ url: URL_OF_PAGE, body: () => form, fetch });
    await ask({ url: URL_OF_PAGE, body: () => 'stream=a', headers: { 'Content-Type': 'text/x' }, fetch });
    await ask({ url: URL_OF_PAGE, body: () => undefined, fetch });
    assert.deepEqual(
      sent.map(({ body, contentType }) => [body, contentType]),
      [
        ['{"variables":{"stream":"live one"}}', 'application/json'],
        ['stream=a+b', 'application/x-www-form-urlencoded;charset=UTF-8'],
        ['stream=a', 'text/x'],
        ['', null],
      ],
    );
  });

  it('takes the token from a member, by the names on the way to it or by a function', async () => {
    const answer = { data: { list: [{ jwt: 'opaque-token' }] } };
    const { fetch, sent } = fakeEndpoint(() => Response.json(answer));
    assert.equal(await ask({ url: URL_OF_PAGE, map: 'data.list.0.jwt', fetch }), 'opaque-token');
    const map = ({ data }: typeof answer, { streams }: TokenRequest) => ({
      token: `${streams.join()} ${String(data.list.length)}`,
    });
    const mapped = tokenEndpoint({ url: URL_OF_PAGE, map, fetch });
    assert.deepEqual(await mapped(REQUEST, { signal: new AbortController().signal }), {
      token: 'live one 1',
    });
    assert.equal(sent[0]?.headers.get('Accept'), 'application/json');
  });

  it('reports a response without that member, and a function that fails, without what is in the response', async () => {
    const { fetch } = fakeEndpoint(() => Response.json({ data: null, other: SECRET }));
    const missing = await failure({ url: URL_OF_PAGE, map: 'data.jwt', fetch });
    assert.equal(missing.code, 'token-response-invalid');
    assert.equal(missing.message, 'The token response has no "data.jwt".');
    const failing = await failure({
      url: URL_OF_PAGE,
      map: ({ other }: { other: string }) => JSON.parse(other) as string,
      fetch,
    });
    assert.equal(failing.code, 'token-response-invalid');
    assert.doesNotMatch(JSON.stringify([failing, String(failing.cause)]), new RegExp(SECRET.slice(0, 8)));
  });

  it('reads a failed response before the function for the token, and one that this function returns', async () => {
    const refusing = fakeEndpoint(() => Response.json({ data: null }, { status: 403 }));
    const refused = await failure({ url: URL_OF_PAGE, map: 'data.jwt', fetch: refusing.fetch });
    assert.deepEqual([refused.code, refused.status], ['token-refused', 403]);
    const { fetch } = fakeEndpoint(() => Response.json({ errors: ['UNAUTHENTICATED'] }));
    const returned = await failure({ url: URL_OF_PAGE, map: () => new Response('', { status: 401 }), fetch });
    assert.deepEqual([returned.code, returned.status], ['token-refused', 401]);
  });

  it('keeps status and Retry-After of a failed response, and names an endpoint that cannot be reached', async () => {
    const busy = fakeEndpoint(() => new Response('', { status: 503, headers: { 'Retry-After': '30' } }));
    const { code, status, retryable, retryAfterMs } = await failure({ url: URL_OF_PAGE, fetch: busy.fetch });
    assert.deepEqual([code, status, retryable, retryAfterMs], ['token-endpoint-failed', 503, true, 30_000]);
    const lost = fakeEndpoint(() => {
      throw new TypeError('Failed to fetch');
    });
    assert.equal((await failure({ url: URL_OF_PAGE, fetch: lost.fetch })).code, 'token-endpoint-unreachable');
  });

  it('sends nothing for an element that has left while a function of the page ran', async () => {
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    const controller = new AbortController();
    const headers = () => {
      controller.abort();
      return {};
    };
    const asked = tokenEndpoint({ url: URL_OF_PAGE, headers, fetch })(REQUEST, controller);
    await assert.rejects(Promise.resolve(asked), { name: 'AbortError' });
    assert.equal(sent.length, 0);
  });

  const mistakes: readonly (readonly [string, unknown, RegExp, RegExp])[] = [
    ['no options', undefined, /has no options/, /"url"/],
    ['no address', { method: 'GET' }, /has no address/, /"url"/],
    ['a misspelt option', { url: URL_OF_PAGE, header: {} }, /no option "header"/, /Did you mean "headers"\?/],
    [
      'an option that is like no other',
      { url: URL_OF_PAGE, xyzzy: 1 },
      /no option "xyzzy"/,
      /^Its options: url, /,
    ],
    [
      'a name of an object’s prototype',
      { url: URL_OF_PAGE, constructor: 1 },
      /no option "constructor"/,
      /url/,
    ],
    ['another method', { url: URL_OF_PAGE, method: 'get' }, /"method"/, /"GET" or "POST"/],
    ['headers as a text', { url: URL_OF_PAGE, headers: SECRET }, /"headers"/, /an object or a function/],
    ['a body that is not a function', { url: URL_OF_PAGE, body: {} }, /"body"/, /a function/],
    ['other credentials', { url: URL_OF_PAGE, credentials: true }, /"credentials"/, /"include"/],
    ['a map of another type', { url: URL_OF_PAGE, map: {} }, /"map"/, /names of members/],
    ['GET with a body', { url: URL_OF_PAGE, method: 'GET', body: () => '' }, /no body/, /"POST"/],
    [
      'one request for all with {stream}',
      { url: `${URL_OF_PAGE}/{stream}`, batch: true },
      /\{stream\}/,
      /"batch"/,
    ],
    ['an address that is none', { url: `//${SECRET}:x:y` }, /"url"/, /http|address/],
    ['an address of another kind', { url: `data:,${SECRET}` }, /"url"/, /address/],
    ['an address with a password', { url: `https://u:${SECRET}@shop.example/` }, /"url"/, /password/],
    [
      'a header with a line end',
      { url: URL_OF_PAGE, headers: { A: `${SECRET}\n1` } },
      /"headers"/,
      /line end/,
    ],
  ];
  for (const [name, options, message, hint] of mistakes)
    it(`refuses ${name}, and shows no value`, async () => {
      const error = await failure(options);
      assert.equal(error.code, 'option-invalid');
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      assert.doesNotMatch(JSON.stringify(error) + String(error.cause), new RegExp(SECRET));
    });

  it('treats options that are undefined as not set', async () => {
    const { fetch } = fakeEndpoint(() => new Response('opaque-token'));
    const none = { method: undefined, headers: undefined, body: undefined, map: undefined };
    assert.equal(await ask({ url: URL_OF_PAGE, ...none, fetch }), 'opaque-token');
  });

  it('reports a function that fails, with its cause', async () => {
    const error = await failure({
      url: URL_OF_PAGE,
      headers: () => {
        throw new TypeError("Cannot read properties of null (reading 'content')");
      },
    });
    assert.equal(error.code, 'token-source-failed');
    assert.match(error.message, /"headers"/);
    assert.match(String(error.cause), /reading 'content'/);
  });
});
