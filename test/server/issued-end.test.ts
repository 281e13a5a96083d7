import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
  type IssuedToken,
  type TokenHandlerOptions,
} from '@gatecast/server';
import { withNativeSigning } from '@gatecast/server/node';
import { CookieJar } from './support/cookie-jar.js';

const NOW = 1_708_457_000;

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256' })}.${part(claims)}.c2ln`;
}

function setUp(issued: unknown, options: Partial<TokenHandlerOptions> = {}) {
  const clock = { nowMs: NOW * 1000 };
  const handler = createTokenHandler({
    // Plain JavaScript may return anything.
    issuers: { playback: { issue: () => Promise.resolve(issued as IssuedToken) } },
    authorize: () => ({ user: 'u', streams: ['a', 'b'] }),
    now: () => clock.nowMs,
    ...options,
  });
  const jar = new CookieJar();
  const ask = async (stream = 'a') => {
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...jar.headers },
        body: JSON.stringify({ purpose: 'playback', streams: [stream] }),
      }),
    );
    jar.keep(response);
    const body = (await response.json()) as { code?: string; tokens?: { expiresAt: number }[] };
    return { status: response.status, code: body.code, expiresAt: body.tokens?.[0]?.expiresAt };
  };
  return { ask, clock };
}

describe('the end of an issued token', () => {
  for (const [what, issued] of [
    ['of a JWT', { token: jwt({ exp: NOW + 3600 }), expiresAt: NOW + 1 }],
    [
      'of a JWT in a security object',
      { security: { jwtoken: jwt({ exp: NOW + 3600 }) }, expiresAt: NOW + 1 },
    ],
    ['of a security object', { security: { token: 't', expires: String(NOW + 3600) }, expiresAt: NOW + 1 }],
  ] as const) {
    it(`is that ${what}, if the issuer reports an earlier one`, async () => {
      const { ask } = setUp(issued);
      assert.equal((await ask()).expiresAt, NOW + 3600);
      const limited = setUp(issued, { authorize: () => ({ streams: ['a'], ttlSeconds: 30 }) });
      assert.equal((await limited.ask()).code, 'grant-exceeded');
    });
  }

  it('is the one that the issuer reports, if it is later or the token is opaque', async () => {
    for (const token of [jwt({ exp: NOW + 10 }), 'opaque', 'a.b.c'])
      assert.equal((await setUp({ token, expiresAt: NOW + 20 }).ask()).expiresAt, NOW + 20);
  });

  for (const [what, issued] of [
    ['a JWT without "exp"', { token: jwt({ sub: 'a' }) }],
    ['a JWT with "exp": null', { token: jwt({ exp: null }) }],
    ['a JWT with a text as "exp"', { token: jwt({ exp: '1' }) }],
    ['a JWT that ends in milliseconds', { token: jwt({ exp: NOW * 1000 }) }],
    ['a security object with an empty "expires"', { security: { token: 't', expires: '' } }],
    ['a security object with another "expires"', { security: { token: 't', expires: 'tomorrow' } }],
  ] as const) {
    it(`is required of ${what}`, async () => {
      const { status, code } = await setUp({ ...issued, expiresAt: NOW + 1 }).ask();
      assert.deepEqual([status, code], [500, 'grant-exceeded']);
    });
  }

  describe('of a security object without one', () => {
    const issued = { security: { token: 't', options: '2' }, expiresAt: null };

    it('is absent in the response, if the grant has no end either', async () => {
      assert.deepEqual(await setUp(issued).ask(), { status: 200, code: undefined, expiresAt: undefined });
    });

    for (const [what, limit] of [
      ['a lifetime', { ttlSeconds: 3600 }],
      ['the claim exp', { claims: { exp: NOW + 3600 } }],
    ] as const) {
      it(`is refused for a grant with ${what}`, async () => {
        const { ask } = setUp(issued, { authorize: () => ({ streams: ['a'], ...limit }) });
        assert.deepEqual(await ask(), { status: 500, code: 'grant-exceeded', expiresAt: undefined });
      });
    }

    it('is refused if the stream would be counted forever', async () => {
      const store = memoryUsageStore({ now: () => NOW * 1000 });
      const { ask } = setUp(issued, { concurrentStreams: { store, maxConcurrent: 1 } });
      assert.equal((await ask()).code, 'issuer-parameter-invalid');
    });

    it('gives the playlist cookie no longer life', async () => {
      const { key } = await generateSigningKey({ alg: 'ES256' });
      const playlistCookie = createPlaylistCookie({ keys: createKeySet([key]), now: () => NOW * 1000 });
      const handler = createTokenHandler({
        issuers: { playback: { issue: () => Promise.resolve(issued) } },
        authorize: () => true,
        playlistCookie,
        now: () => NOW * 1000,
      });
      const response = await handler(
        new Request('https://backend.test/', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
        }),
      );
      assert.match(response.headers.get('Set-Cookie') ?? '', /Max-Age=300\b/);
    });

    for (const [what, other] of [
      ['a JWT', { token: jwt({ sub: 'a' }) }],
      ['an opaque token', { token: 'opaque' }],
      ['a security object with a JWT', { security: { jwtoken: jwt({ sub: 'a' }) } }],
      ['a security object with an end', { security: { token: 't', expires: String(NOW + 3600) } }],
    ] as const) {
      it(`is not accepted for ${what}`, async () => {
        const { status, code } = await setUp({ ...other, expiresAt: null }).ask();
        assert.deepEqual([status, code], [500, 'grant-exceeded']);
      });
    }
  });

  it('decides how long a stream is counted', async () => {
    const store = memoryUsageStore({ now: () => clock.nowMs });
    const { ask, clock } = setUp(
      { token: jwt({ exp: NOW + 3600 }), expiresAt: NOW + 1 },
      { concurrentStreams: { store, maxConcurrent: 1 } },
    );
    assert.equal((await ask('a')).status, 200);
    clock.nowMs += 3_599_000;
    assert.equal((await ask('b')).code, 'concurrent-limit');
    clock.nowMs += 1000;
    assert.equal((await ask('b')).status, 200);
  });
});

describe('a token that this server has signed', async () => {
  const { key } = await generateSigningKey({ alg: 'ES256' });
  const signer = jwtIssuer({ keys: withNativeSigning(createKeySet([key])), ttlSeconds: 3600 });
  const authorize = () => ({ streams: ['a'], ttlSeconds: 60 });

  function asked(change: (issued: IssuedToken) => IssuedToken, claims: Record<string, unknown> = {}) {
    const handler = createTokenHandler({
      issuers: { playback: { issue: async (request) => change(await signer.issue(request)) } },
      authorize: () => ({ ...authorize(), claims }),
      now: () => Date.now(),
    });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
    const body = JSON.stringify({ purpose: 'playback', streams: ['a'] });
    return handler(new Request('https://backend.test/', { ...init, body }));
  }

  it('leaves if it is as it was signed', async () => {
    assert.equal((await asked((issued) => issued)).status, 200);
  });

  for (const [what, change] of [
    ['replaced', (issued) => Object.assign(issued, { token: jwt({ exp: 4_000_000_000 }) })],
    ['joined by a query', (issued) => Object.assign(issued, { query: { exp: '4000000000' } })],
    [
      'joined by an address',
      (issued) => Object.assign(issued, { url: 'https://cdn.test/a?expires=4000000000' }),
    ],
  ] satisfies [string, (issued: IssuedToken) => IssuedToken][]) {
    it(`is refused for its own end if it is ${what} after that`, async () => {
      const response = await asked(change);
      assert.equal(((await response.json()) as { code?: string }).code, 'grant-exceeded');
    });
  }

  it('is read again if a claim could replace its payload', async () => {
    const toJSON = () => ({ exp: 4_000_000_000 });
    const response = await asked((issued) => issued, { toJSON });
    assert.equal(((await response.json()) as { code?: string }).code, 'grant-exceeded');
  });
});
