import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenHandler,
  createTokenVerifier,
  checkRequest,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  type FetchHandler,
  type Logger,
} from '@gatecast/server';
import { cookieFor } from './support/playlist-cookies.js';
import fc from 'fast-check';

const SECRET = 'sentinel-secret-81f2';
const { key, pem } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const playlistCookie = createPlaylistCookie({ keys });
const { token: aToken = '' } = await jwtIssuer({ keys }).issue({
  purpose: 'playback',
  stream: 'a',
  grant: {},
});
const aCookie = await cookieFor(playlistCookie, ['a']);

const logged: string[] = [];
const write = (fields: unknown, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
const logger: Logger = { debug: write, info: write, warn: write, error: write };

const tokens = createTokenHandler({
  issuers: { playback: jwtIssuer({ keys }), ingest: ingestJwtIssuer({ keys }) },
  authorize: (request) => request.headers.get('Authorization') !== null,
  cors: { origins: ['https://page.test'], credentials: true },
  playlistCookie,
  bodyTimeoutMs: 1000,
  logger,
});
const signer = createPlaylistSigner({
  issuer: jwtIssuer({ keys }),
  cookie: playlistCookie,
  upstreams: ['https://cdn.test/live/'],
  fetch: async () => new Response('#EXTM3U\n#EXTINF:1,\na.ts'),
  logger,
});
const verifier = createTokenVerifier({ keys });
const origin: FetchHandler = async (request) => {
  const answer = await checkRequest(verifier, request, 'a');
  return answer instanceof Response ? answer : new Response('media');
};

/** What a Request takes as a header value: visible Latin-1 and inner blanks. */
const headerValue = fc
  .string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
  })
  .map((value) => value.trim());
const someHeaders = fc.record(
  {
    Authorization: fc.oneof(
      headerValue,
      headerValue.map((value) => `Bearer ${value}`),
      fc.constant(`Bearer ${aToken}x`),
    ),
    Cookie: fc.oneof(
      headerValue,
      headerValue.map((value) => `__Host-gatecast_playlists=${value}`),
      fc.constant(aCookie),
    ),
    Origin: fc.oneof(headerValue, fc.constantFrom('null', 'https://page.test', 'https://evil.test')),
    'Content-Type': fc.oneof(
      headerValue,
      fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/plain'),
    ),
    'Content-Length': fc.oneof(headerValue, fc.constantFrom('-1', '1e9', 'NaN')),
    'X-Request-Id': headerValue,
    'Access-Control-Request-Method': headerValue,
  },
  { requiredKeys: [] },
);
const nearRequest = fc.record(
  {
    purpose: fc.oneof(fc.constantFrom('playback', 'ingest'), fc.anything()),
    streams: fc.oneof(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.anything())),
      fc.array(fc.constantFrom('a', '__proto__', 'constructor')),
      fc.anything(),
    ),
    reason: fc.oneof(fc.constantFrom('initial', 'scheduled'), fc.anything()),
  },
  { requiredKeys: [] },
);
/** `JSON.stringify` refuses BigInt, and writes nothing at all for some values. */
function asJson(value: unknown): string {
  const text: unknown = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? item.toString() : item,
  );
  return typeof text === 'string' ? text : 'null';
}
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary' }),
  fc.anything().map(asJson),
  nearRequest.map(asJson),
  fc.constant(`{"__proto__":{"admin":true},"purpose":"playback","streams":["a"]}`),
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY');
const query = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webUrl().map((url) => `url=${encodeURIComponent(url)}`),
  fc.webPath().map((path) => `url=${encodeURIComponent(`https://cdn.test/live${path}`)}&stream=a`),
  fc
    .tuple(fc.webPath(), fc.string())
    .map(([path, value]) => `url=https://cdn.test/live/..${path}&_HLS_msn=${value}&stream=a`),
  fc.string().map((value) => `token=${value}`),
);

/** `Request` itself refuses some headers and bodies; those never reach a handler. */
function requestOf(path: string, init: RequestInit): Request | null {
  try {
    return new Request(`https://backend.test${path}`, init);
  } catch {
    return null;
  }
}

const keyParts = pem.split('\n').filter((line) => line.length > 30 && !line.includes('-----'));

async function isHarmless(handler: FetchHandler, request: Request | null): Promise<void> {
  if (!request) return;
  logged.length = 0;
  const response = await Promise.race([
    handler(request, { clientAddress: '192.0.2.1' }),
    new Promise<'hang'>((resolve) => {
      setTimeout(() => resolve('hang'), 60_000).unref();
    }),
  ]);
  assert.ok(response !== 'hang', 'it hangs');
  const text = await response.text();
  assert.ok(response.status < 500, `it answered ${response.status}`);
  const everything = [...response.headers]
    .flat()
    .concat(response.ok ? [] : [text], logged)
    .join('\n');
  assert.ok(!keyParts.some((part) => (text + everything).includes(part)), 'the key leaked');
  assert.ok(!everything.includes(aToken) && !everything.includes(SECRET), 'a token leaked');
  if (!response.ok && request.method !== 'HEAD') assert.ok(JSON.parse(text), 'no problem document');
  if (response.ok && request.method === 'POST')
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
  const allowed = response.headers.get('Access-Control-Allow-Origin');
  assert.ok(allowed === null || allowed === 'https://page.test');
}

describe('random requests', () => {
  it('get no server error from the token endpoint', async () => {
    await fc.assert(
      fc.asyncProperty(method, someHeaders, body, async (verb, headers, content) => {
        const withBody = verb !== 'GET' && verb !== 'HEAD';
        const payload = typeof content === 'string' ? content : new Uint8Array(content);
        await isHarmless(
          tokens,
          requestOf(`/?token=${SECRET}`, { method: verb, headers, ...(withBody && { body: payload }) }),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('close to a token request get a token only if they are valid', async () => {
    await fc.assert(
      fc.asyncProperty(nearRequest, async (content) => {
        const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${SECRET}` };
        await isHarmless(tokens, requestOf('/', { method: 'POST', headers, body: asJson(content) }));
      }),
      { numRuns: 1500 },
    );
  });

  it('get no server error from the playlist signer', async () => {
    await fc.assert(
      fc.asyncProperty(method, someHeaders, query, async (verb, headers, text) => {
        await isHarmless(
          signer,
          requestOf(`/hls/sign?${text}`, { method: verb, headers: { Cookie: aCookie, ...headers } }),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('get no server error from a media origin', async () => {
    await fc.assert(
      fc.asyncProperty(someHeaders, query, async (headers, text) => {
        await isHarmless(origin, requestOf(`/live/a.m3u8?${text}`, { headers }));
      }),
      { numRuns: 1000 },
    );
  });

  it('with a changed token are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(aToken.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.'),
        async (at, character) => {
          const changed = aToken.slice(0, at) + character + aToken.slice(at + 1);
          // The last character of a signature holds bits that decoders ignore.
          fc.pre(changed !== aToken && at < aToken.length - 1);
          const response = await origin(new Request(`https://backend.test/live/a.m3u8?token=${changed}`));
          assert.equal(response.status, 403);
        },
      ),
      { numRuns: 500 },
    );
  });
});
