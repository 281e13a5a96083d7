import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenProblemCode } from '@gatecast/contract';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  memoryUsageStore,
  playbackJwtIssuer,
  Problem,
  stsSecurityIssuer,
  webcasterJwtIssuer,
  type TokenHandlerOptions,
  type TokenIssuer,
} from '@gatecast/server';
import { memoryRateLimiter } from '@gatecast/server/node';
import { createFakeVendor } from '../../demo/backend/fake-vendor/fake-vendor.js';
import { createDpopClient } from '../server/support/dpop-client.js';
import { documented, faultsOf, operation } from './support/openapi-schemas.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k1' });
const keys = createKeySet([key]);
const apiKey = 'sentinel-api-key';
const fakeVendor = createFakeVendor({ apiKey, now: Date.now });
const fetch = async (input: RequestInfo | URL, init?: RequestInit) =>
  fakeVendor.request(input instanceof Request ? input.url : input, init);
const vendor = { apiKey, fetch, retries: 0 };

const playback = { purpose: 'playback', streams: ['a', 'b'], reason: 'initial' };

function post(body: unknown, headers: Record<string, string> = {}): Request {
  return new Request('https://backend.test/api/tokens', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function handlerWith(options: Partial<TokenHandlerOptions> = {}) {
  return createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize: () => ({ user: 'u' }),
    ...options,
  });
}

const issuers: Readonly<Record<string, TokenIssuer>> = {
  jwt: jwtIssuer({ keys, include: ['jti'] }),
  'ingest-jwt': ingestJwtIssuer({ keys, ingestUrl: 'rtmp://ingest.test/live' }),
  'sts-security': stsSecurityIssuer({ ...vendor, url: 'http://vendor.test/secure/token' }),
  'sts-security without an end': stsSecurityIssuer({
    ...vendor,
    url: 'http://vendor.test/secure/token',
    ttlSeconds: 'vendor-default',
  }),
  'playback-jwt': playbackJwtIssuer({ ...vendor, url: 'http://vendor.test/api/v1/splay' }),
  'playback-jwt as token': playbackJwtIssuer({
    ...vendor,
    url: 'http://vendor.test/api/v1/splay',
    answerAs: 'token',
  }),
  'webcaster-jwt': webcasterJwtIssuer({
    ...vendor,
    url: 'http://vendor.test/webcaster',
    ingestUrl: 'rtmp://ingest.test/live',
  }),
};

describe('responses of the token handler and the OpenAPI document', () => {
  const { schema } = documented(operation().responses['200'], 'application/json');

  for (const [name, issuer] of Object.entries(issuers)) {
    it(`agree for the issuer ${name}`, async () => {
      const handler = handlerWith({ issuers: { playback: issuer, ingest: issuer } });
      for (const purpose of ['playback', 'ingest']) {
        const response = await handler(post({ ...playback, purpose }));
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('Content-Type'), 'application/json');
        assert.equal(response.headers.get('Cache-Control'), 'no-store');
        const body = (await response.json()) as { tokens: unknown[] };
        assert.equal(body.tokens.length, 2);
        assert.deepEqual(faultsOf(body, schema), []);
      }
    });
  }

  it('agree with playlists', async () => {
    const handler = handlerWith({
      bootstrap: {
        playlistUrl: (stream) => `https://cdn.test/live/${stream}.m3u8`,
        upstreams: ['https://cdn.test/live/'],
        fetch: async () => new Response('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n'),
        budgetMs: 60_000,
      },
    });
    const body = (await (await handler(post(playback))).json()) as { playlists?: object };
    assert.equal(Object.keys(body.playlists ?? {}).length, 2);
    assert.deepEqual(faultsOf(body, schema), []);
  });
});

/** An STS issuer whose vendor gives one answer. */
function stsWith(
  answer: () => Promise<Response>,
  more: { timeoutMs?: number; circuitFailures?: number } = {},
) {
  const url = 'http://vendor.test/secure/token';
  return handlerWith({
    issuers: { playback: stsSecurityIssuer({ ...vendor, ...more, url, fetch: answer }) },
  });
}

function failingWith(error: unknown) {
  return handlerWith({ authorize: () => Promise.reject(error instanceof Error ? error : new Error()) });
}

function unendingBody(): Request {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
  });
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
  return new Request('https://backend.test/api/tokens', init);
}

/** One request for each code that ends with it. */
const refusals: Readonly<Record<TokenProblemCode, () => Promise<Response>>> = {
  'request-invalid': () => handlerWith()(post({ purpose: 'playback' })),
  'request-too-large': () => handlerWith({ maxBodyBytes: 10 })(post(playback)),
  'request-timeout': () => handlerWith({ bodyTimeoutMs: 5 })(unendingBody()),
  'media-type-unsupported': () => handlerWith()(post(playback, { 'Content-Type': 'text/plain' })),
  'method-not-allowed': () => handlerWith()(new Request('https://backend.test/api/tokens')),
  'dpop-proof-missing': () => handlerWith({ dpop: 'required' })(post(playback)),
  'dpop-proof-invalid': () => handlerWith({ dpop: 'required' })(post(playback, { DPoP: 'x' })),
  'dpop-nonce-required': async () =>
    handlerWith({ dpop: { mode: 'required', nonce: {} } })(
      post(playback, {
        DPoP: await (
          await createDpopClient()
        ).prove({ method: 'POST', url: 'https://backend.test/api/tokens' }),
      }),
    ),
  'issuer-cannot-bind': async () =>
    handlerWith({ dpop: 'optional', issuers: { playback: { ...jwtIssuer({ keys }), bindsTokens: false } } })(
      post(playback, {
        DPoP: await (
          await createDpopClient()
        ).prove({ method: 'POST', url: 'https://backend.test/api/tokens' }),
      }),
    ),
  unauthenticated: () => failingWith(new Problem('unauthenticated', 'Sign in first.'))(post(playback)),
  forbidden: () => handlerWith({ authorize: () => false })(post(playback)),
  'purpose-unsupported': () => handlerWith()(post({ ...playback, purpose: 'ingest' })),
  'rate-limited': () =>
    handlerWith({ limits: { user: memoryRateLimiter({ perMinute: 1, burst: 0 }) } })(post(playback)),
  'concurrent-limit': () =>
    handlerWith({ concurrentStreams: { store: memoryUsageStore(), maxConcurrent: 1 } })(post(playback)),
  revoked: () => failingWith(new Problem('revoked', 'It has ended.', { reason: 'Unpaid' }))(post(playback)),
  moved: () => failingWith(new Problem('moved', 'It is elsewhere.'))(post(playback)),
  'issuer-parameter-invalid': () =>
    handlerWith({ authorize: () => ({ restrictions: { ip: '192.0.2.1' } }) })(post(playback)),
  'vendor-refused': () => stsWith(async () => new Response('{}', { status: 403 }))(post(playback)),
  'vendor-failed': () =>
    stsWith(async () => new Response('', { status: 503, headers: { 'Retry-After': '9' } }))(post(playback)),
  'vendor-timeout': () => stsWith(() => new Promise<Response>(() => {}), { timeoutMs: 5 })(post(playback)),
  'vendor-unavailable': async () => {
    const handler = stsWith(async () => new Response('', { status: 500 }), { circuitFailures: 1 });
    await handler(post(playback));
    return handler(post(playback));
  },
  'store-unavailable': () =>
    handlerWith({ limits: { user: { take: () => Promise.reject(new Error('The store is down.')) } } })(
      post(playback),
    ),
  internal: () => failingWith(new Error('unexpected'))(post(playback)),
};

describe('problems of the token handler and the OpenAPI document', () => {
  for (const [code, refuse] of Object.entries(refusals)) {
    it(`agree for ${code}`, async () => {
      const response = await refuse();
      const type = response.headers.get('Content-Type') ?? '';
      const responses = operation().responses;
      const body = (await response.json()) as { code: unknown; status: unknown };
      assert.equal(body.code, code);
      assert.equal(body.status, response.status);
      const entry = responses[String(response.status)];
      const { schema, examples } = documented(entry, type);
      assert.deepEqual(faultsOf(body, schema), []);
      // A vendor that is busy is passed on as 503, whatever the code.
      if (code !== 'vendor-failed') assert.ok(examples.has(code), 'the code has no example at its status');
      for (const name of ['Retry-After', 'WWW-Authenticate', 'Allow', 'DPoP-Nonce']) {
        if (response.headers.has(name))
          assert.ok(name in (entry?.headers ?? {}), `${name} is not documented`);
      }
    });
  }

  it('have Retry-After if the server knows the time', async () => {
    for (const code of [
      'rate-limited',
      'vendor-unavailable',
      'store-unavailable',
      'vendor-failed',
    ] as const) {
      const value = (await refusals[code]()).headers.get('Retry-After') ?? '';
      assert.match(value, /^[1-9]\d*$/, code);
    }
  });
});
