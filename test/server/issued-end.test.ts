import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createTokenHandler,
  memoryUsageStore,
  type IssuedToken,
  type TokenHandlerOptions,
} from '@gatecast/server';
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
    ['a security object with another "expires"', { security: { token: 't', expires: 'tomorrow' } }],
  ] as const) {
    it(`is required of ${what}`, async () => {
      const { status, code } = await setUp({ ...issued, expiresAt: NOW + 1 }).ask();
      assert.deepEqual([status, code], [500, 'grant-exceeded']);
    });
  }

  it('decides how long a stream is counted', async () => {
    const store = memoryUsageStore({ now: () => clock.nowMs });
    const { ask, clock } = setUp(
      { token: jwt({ exp: NOW + 3600 }), expiresAt: NOW + 1 },
      { concurrentStreams: { store, maxConcurrent: 1 } },
    );
    assert.equal((await ask('a')).status, 200);
    clock.nowMs += 3_599_000;
    assert.equal((await ask('b')).code, 'too-many-streams');
    clock.nowMs += 1000;
    assert.equal((await ask('b')).status, 200);
  });
});
