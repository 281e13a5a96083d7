import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  checkRequest,
  createKeySet,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  signClaims,
  verifyToken,
  type TokenVerifierOptions,
} from '@gatecast/server';
import { Hono } from 'hono';

const NOW_MS = 1_708_457_000_000;
const nowSeconds = NOW_MS / 1000;
const now = () => NOW_MS;
const { key } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);
const good = { sub: 's', aud: 'v', exp: nowSeconds + 60 };

function base64url(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

async function codeOf(token: string, options: Partial<TokenVerifierOptions> = {}): Promise<string> {
  return createTokenVerifier({ keys, now, ...options })
    .verify(token, { stream: 's' })
    .then(
      () => 'ok',
      (error: unknown) => (error as { code: string }).code,
    );
}

describe('createTokenVerifier', () => {
  for (const [what, claims, code, typ] of [
    ['a good token', good, 'ok', 'JWT'],
    ['an audience among several', { ...good, aud: ['x', 'v'] }, 'ok', 'JWT'],
    ['an ended token', { ...good, exp: nowSeconds - 1 }, 'token-expired', 'JWT'],
    ['a token that ends now', { ...good, exp: nowSeconds }, 'token-expired', 'JWT'],
    ['a token of the future', { ...good, nbf: nowSeconds + 5 }, 'token-not-yet-valid', 'JWT'],
    ['another audience', { ...good, aud: 'ingest' }, 'token-wrong-audience', 'JWT'],
    ['no audience', { sub: 's', exp: good.exp }, 'token-wrong-audience', 'JWT'],
    ['another stream', { ...good, sub: 't' }, 'token-wrong-stream', 'JWT'],
    ['a stream that is not text', { ...good, sub: ['s'] }, 'token-wrong-stream', 'JWT'],
    ['no stream', { aud: 'v', exp: good.exp }, 'token-invalid', 'JWT'],
    ['no end', { sub: 's', aud: 'v' }, 'token-invalid', 'JWT'],
    ['an end that is not a number', { ...good, exp: 'soon' }, 'token-invalid', 'JWT'],
    ['another type', good, 'token-invalid', 'gatecast-playlists+jwt'],
  ] as const) {
    it(`reports ${code} for ${what}`, async () => {
      // Signed by hand, because no issuer of ours would write such claims.
      assert.equal(await codeOf(await signClaims(keys, claims, typ)), code);
    });
  }

  it('refuses a token without signature', async () => {
    const header = base64url({ alg: 'none', typ: 'JWT', kid: 'k1' });
    for (const tail of ['', '.', '.AA']) {
      assert.equal(await codeOf(`${header}.${base64url(good)}${tail}`), 'token-invalid');
    }
  });

  it('does not use the public key as a shared secret', async () => {
    const publicKey = Buffer.from(key.publicJwk.n ?? '', 'base64url');
    const input = `${base64url({ alg: 'HS256', typ: 'JWT', kid: 'k1' })}.${base64url(good)}`;
    const signature = createHmac('sha256', publicKey).update(input).digest('base64url');
    assert.equal(await codeOf(`${input}.${signature}`), 'token-invalid');
  });

  it('does not use keys that the token contains', async () => {
    const { key: foreign } = await generateSigningKey({ kid: 'k1' });
    const token = await signClaims(createKeySet([foreign]), good);
    assert.equal(await codeOf(token), 'token-invalid');
  });

  it('refuses a token with a changed payload', async () => {
    const [header, , signature] = (await signClaims(keys, good)).split('.');
    assert.equal(
      await codeOf(`${header ?? ''}.${base64url({ ...good, plan: 'gold' })}.${signature ?? ''}`),
      'token-invalid',
    );
  });

  it('accepts a clock difference up to clockToleranceSeconds', async () => {
    const token = await signClaims(keys, { ...good, exp: nowSeconds - 4, nbf: nowSeconds + 4 });
    assert.equal(await codeOf(token, { clockToleranceSeconds: 5 }), 'ok');
    assert.equal(await codeOf(token, { clockToleranceSeconds: 3 }), 'token-not-yet-valid');
  });

  it('checks the issuer and age if they are set', async () => {
    const token = await signClaims(keys, { ...good, iss: 'us', iat: nowSeconds - 50 });
    assert.equal(await codeOf(token, { issuer: 'us', maxAgeSeconds: 60 }), 'ok');
    assert.equal(await codeOf(token, { issuer: 'them' }), 'token-invalid');
    assert.equal(await codeOf(token, { maxAgeSeconds: 40 }), 'token-expired');
  });

  it('refuses wrong options of plain JavaScript, which would make it accept more', () => {
    for (const wrong of [
      { algorithms: ['HS256'] },
      { algorithms: ['none'] },
      { algorithms: [] },
      { clockToleranceSeconds: 1e9 },
      { clockToleranceSeconds: -1 },
      { clockToleranceSeconds: NaN },
      { clockToleranceSeconds: '2 hours' },
      { longestLifeSeconds: 1e308 },
      { longestLifeSeconds: 0 },
      { longestLifeSeconds: null },
    ])
      assert.throws(
        () => createTokenVerifier({ keys, ...(wrong as object) }),
        TypeError,
        JSON.stringify(wrong),
      );
  });

  it('refuses a stream that is not a name, instead of accepting a token for any', async () => {
    const verifier = createTokenVerifier({ keys });
    const token = await signClaims(keys, { sub: 's', aud: 'v', exp: Math.floor(Date.now() / 1000) + 60 });
    await assert.rejects(verifier.verify(token, 'premium' as never), TypeError);
    await assert.rejects(verifier.verify(token, null as never), TypeError);
    await assert.rejects(verifier.verify(undefined as never), { code: 'token-missing' });
    const request = new Request(`https://origin.test/a?token=${token}`);
    await assert.rejects(checkRequest(verifier, request, undefined as never), TypeError);
  });

  it('refuses revoked tokens', async () => {
    const token = await signClaims(keys, { ...good, jti: 'j1' });
    assert.equal(await codeOf(token, { isRevoked: ({ jti }) => jti === 'j1' }), 'token-revoked');
  });

  it('reads the stream from streamClaim', async () => {
    const token = await signClaims(keys, { aud: 'v', exp: good.exp, streamname: 's' });
    assert.equal(await codeOf(token, { streamClaim: 'streamname' }), 'ok');
  });

  it('fetches a JWKS once, and again for an unknown kid, but not before cooldownMs', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: NOW_MS });
    let published = keys.jwks();
    let fetches = 0;
    const fetch = async () => {
      fetches += 1;
      return Response.json(published);
    };
    const verifier = createTokenVerifier({
      keys: new URL('https://keys.test/jwks'),
      fetch,
      now,
      cooldownMs: 60_000,
    });
    const token = await signClaims(keys, good);
    await Promise.all([verifier.verify(token), verifier.verify(token)]);
    assert.equal(fetches, 1);
    const { key: next } = await generateSigningKey({ kid: 'k2', alg: 'ES256' });
    const rotated = createKeySet([next, key]);
    const newToken = await signClaims(rotated, good);
    context.mock.timers.tick(59_999);
    await assert.rejects(verifier.verify(newToken), { code: 'token-invalid' });
    assert.equal(fetches, 1, 'it fetched during the cool-down');
    published = rotated.jwks();
    context.mock.timers.tick(2);
    await verifier.verify(newToken);
    assert.equal(fetches, 2);
  });

  it('reports 503 while the keys are not available', async () => {
    const fetches = [
      () => Promise.reject(new TypeError('fetch failed')),
      () => Promise.resolve(new Response('', { status: 500 })),
    ];
    for (const fetch of fetches) {
      const verifier = createTokenVerifier({ keys: new URL('https://keys.test/jwks'), fetch, now });
      await assert.rejects(verifier.verify(await signClaims(keys, good)), {
        code: 'keys-unavailable',
        status: 503,
      });
    }
  });
});

describe('verifyToken', () => {
  const verifier = createTokenVerifier({ keys, now });
  const app = new Hono();
  app.use(
    '/live/:file',
    verifyToken({
      verifier,
      stream: (context) => /^(\w+)\.m3u8$/.exec(context.req.param('file') ?? '')?.[1] ?? null,
    }),
  );
  app.get('/live/:file', (context) => context.text('#EXTM3U'));

  it('accepts a token from the query or Bearer, and responds with a problem otherwise', async () => {
    const { token = '' } = await jwtIssuer({ keys, now }).issue({
      purpose: 'playback',
      stream: 's',
      grant: {},
    });
    const ask = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
    assert.equal((await ask(`/live/s.m3u8?token=${token}`)).status, 200);
    assert.equal((await ask('/live/s.m3u8', { Authorization: `Bearer ${token}` })).status, 200);
    const missing = await ask('/live/s.m3u8');
    assert.equal(missing.status, 401);
    assert.equal(missing.headers.get('WWW-Authenticate'), 'Bearer');
    assert.equal(missing.headers.get('Content-Type'), 'application/problem+json');
    const wrong = await ask(`/live/t.m3u8?token=${token}`);
    assert.equal(wrong.status, 403);
    assert.ok(!(await wrong.text()).includes(token.slice(0, 20)), 'the answer holds the token');
    assert.equal((await ask(`/live/s.txt?token=${token}`)).status, 404);
  });

  it('works without a router', async () => {
    const answer = await checkRequest(verifier, new Request('https://origin.test/x'), 's');
    assert.ok(answer instanceof Response);
    assert.equal(answer.status, 401);
  });
});
