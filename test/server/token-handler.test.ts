import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createJwksHandler,
  createKeySet,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  Problem,
  type TokenHandlerOptions,
} from '@gatecast/server';

const NOW_MS = 1_708_457_000_500;
const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k1' });
const keys = createKeySet([key]);
const now = () => NOW_MS;

function handlerWith(options: Partial<TokenHandlerOptions> = {}) {
  return createTokenHandler({
    issuers: { playback: jwtIssuer({ keys, now, ttlSeconds: 30 }), ingest: ingestJwtIssuer({ keys, now }) },
    authorize: () => true,
    now,
    ...options,
  });
}

function post(body: unknown, headers: Record<string, string> = {}): Request {
  return new Request('https://backend.test/api/tokens', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function codeOf(response: Response): Promise<unknown> {
  assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
  assert.equal(response.headers.get('Cache-Control'), 'no-store');
  const problem = (await response.json()) as { code: unknown; status: unknown };
  assert.equal(problem.status, response.status);
  return problem.code;
}

describe('createTokenHandler', () => {
  it('returns one token per stream with its expiry, and the server time in whole seconds', async () => {
    const response = await handlerWith()(
      post({ purpose: 'playback', streams: ['a', 'b'], reason: 'initial' }),
    );
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
    const body = (await response.json()) as { tokens: Record<string, unknown>[]; serverTime: number };
    assert.equal(body.serverTime, 1_708_457_000);
    assert.deepEqual(
      body.tokens.map(({ stream, expiresAt }) => ({ stream, expiresAt })),
      [
        { stream: 'a', expiresAt: 1_708_457_030 },
        { stream: 'b', expiresAt: 1_708_457_030 },
      ],
    );
    assert.deepEqual(Object.keys(body.tokens[0] ?? {}).sort(), ['expiresAt', 'stream', 'token']);
  });

  it('issues tokens that createTokenVerifier accepts for this stream only', async () => {
    const response = await handlerWith()(post({ purpose: 'playback', streams: ['a'] }));
    const { tokens } = (await response.json()) as { tokens: { token: string }[] };
    const token = tokens[0]?.token ?? '';
    const verifier = createTokenVerifier({ keys, now });
    assert.equal((await verifier.verify(token, { stream: 'a' })).expiresAtMs, 1_708_457_030_000);
    await assert.rejects(verifier.verify(token, { stream: 'b' }), {
      code: 'token-wrong-stream',
      status: 403,
    });
  });

  it('issues playback tokens that cannot publish, and ingest tokens that cannot play', async () => {
    const answer = await handlerWith()(post({ purpose: 'ingest', streams: ['a'] }));
    const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
    const token = tokens[0]?.token ?? '';
    await assert.rejects(createTokenVerifier({ keys, now }).verify(token), { code: 'token-wrong-audience' });
    await createTokenVerifier({ keys, now, audience: 'ingest' }).verify(token, { stream: 'a' });
  });

  it('throws a TypeError without authorize', () => {
    const options = { issuers: { playback: jwtIssuer({ keys }) } } as unknown;
    assert.throws(() => createTokenHandler(options as TokenHandlerOptions), /authorize/);
  });

  it('refuses when authorize returns false or undefined', async () => {
    const request = { purpose: 'playback', streams: ['a'] };
    assert.equal(await codeOf(await handlerWith({ authorize: () => false })(post(request))), 'forbidden');
    const forgetful: { authorize?: () => never } = { authorize: () => undefined as never };
    assert.equal(await codeOf(await handlerWith(forgetful)(post(request))), 'forbidden');
  });

  it('omits a stream that is refused while others are allowed', async () => {
    const authorize = () => ({ streams: { a: true, b: false } });
    const response = await handlerWith({ authorize })(post({ purpose: 'playback', streams: ['a', 'b'] }));
    const { tokens } = (await response.json()) as { tokens: { stream: string }[] };
    assert.deepEqual(
      tokens.map((item) => item.stream),
      ['a'],
    );
  });

  it('takes lifetime and claims from authorize', async () => {
    const authorize = () => ({ ttlSeconds: 6, claims: { plan: 'gold', sub: 'other' } });
    const response = await handlerWith({ authorize })(post({ purpose: 'playback', streams: ['a'] }));
    const { tokens } = (await response.json()) as { tokens: { token: string; expiresAt: number }[] };
    const [item] = tokens;
    assert.ok(item);
    assert.equal(item.expiresAt, 1_708_457_006);
    const { claims } = await createTokenVerifier({ keys, now }).verify(item.token, { stream: 'a' });
    assert.equal(claims['plan'], 'gold');
  });

  it('responds with the problem that authorize throws, with Retry-After', async () => {
    const authorize = () => {
      throw new Problem('rate-limited', 'Slow down.', { retryAfterSeconds: 1.2 });
    };
    const response = await handlerWith({ authorize })(post({ purpose: 'playback', streams: ['a'] }));
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('Retry-After'), '2');
    assert.equal(await codeOf(response), 'rate-limited');
  });

  it('shows nothing of an unexpected error', async () => {
    const authorize = () => {
      throw new Error('password=hunter2');
    };
    const response = await handlerWith({ authorize })(post({ purpose: 'playback', streams: ['a'] }));
    assert.equal(response.status, 500);
    assert.ok(!(await response.text()).includes('hunter2'));
  });

  for (const [what, body, code] of [
    ['broken JSON', '{', 'request-invalid'],
    ['no streams', { purpose: 'playback', streams: [] }, 'request-invalid'],
    ['an unknown purpose', { purpose: 'watch', streams: ['a'] }, 'request-invalid'],
    ['a name with control characters', { purpose: 'playback', streams: ['a\nb'] }, 'request-invalid'],
    [
      'too many streams',
      { purpose: 'playback', streams: Array.from({ length: 33 }, (_, i) => `s${String(i)}`) },
      'request-invalid',
    ],
    ['a body out of bounds', { purpose: 'playback', streams: ['a'.repeat(20_000)] }, 'request-too-large'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(await codeOf(await handlerWith()(post(body))), code);
    });
  }

  it('refuses bodies without a JSON content type, as forms of other sites send them', async () => {
    const request = post({ purpose: 'playback', streams: ['a'] }, { 'Content-Type': 'text/plain' });
    assert.equal(await codeOf(await handlerWith()(request)), 'media-type-unsupported');
  });

  it('responds with request-timeout to a body that never ends', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
    });
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' };
    const response = await handlerWith({ bodyTimeoutMs: 30 })(
      new Request('https://backend.test/api/tokens', init),
    );
    assert.equal(await codeOf(response), 'request-timeout');
  });

  it('responds to GET and HEAD with 405 and Allow, to HEAD without a body', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await handlerWith()(new Request('https://backend.test/api/tokens', { method }));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('Allow'), 'POST, OPTIONS');
      assert.equal((await response.text()) === '', method === 'HEAD');
    }
  });

  it('allows only listed origins with CORS', async () => {
    const handler = handlerWith({ cors: { origins: ['https://page.test'], credentials: true } });
    const preflight = (origin: string) =>
      handler(
        new Request('https://backend.test/api/tokens', {
          method: 'OPTIONS',
          headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
        }),
      );
    const allowed = await preflight('https://page.test');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('Access-Control-Allow-Origin'), 'https://page.test');
    assert.equal(allowed.headers.get('Access-Control-Allow-Credentials'), 'true');
    assert.match(allowed.headers.get('Access-Control-Allow-Headers') ?? '', /Content-Type/);
    const refused = await preflight('https://evil.test');
    assert.equal(refused.headers.get('Access-Control-Allow-Origin'), null);
    assert.equal(refused.headers.get('Vary'), 'Origin');
  });

  for (const [value, form] of [
    ['*'],
    ['null'],
    ['page.test'],
    ['//page.test'],
    ['https://*.page.test'],
    ['https://page.test/', 'https://page.test'],
    ['https://page.test/path', 'https://page.test'],
    ['https://PAGE.test:443', 'https://page.test'],
    ['https://bücher.test', 'https://xn--bcher-kva.test'],
    ['ftp://page.test'],
    ['https://user:S3CRET@page.test', 'https://page.test'],
  ]) {
    it(`refuses ${value ?? ''} in cors.origins, and shows the right form`, () => {
      assert.throws(
        () => handlerWith({ cors: { origins: [value ?? ''] } }),
        (error: Error) =>
          error instanceof TypeError &&
          error.message.endsWith(`which is not an origin such as "${form ?? 'https://www.example.com'}".`) &&
          !error.message.includes('S3CRET'),
      );
    });
  }

  it('publishes the keys without private members', async () => {
    const response = await createJwksHandler({ keys })(
      new Request('https://backend.test/.well-known/jwks.json'),
    );
    assert.match(response.headers.get('Cache-Control') ?? '', /max-age=300/);
    const { keys: published } = (await response.json()) as { keys: object[] };
    assert.equal(published.length, 1);
    assert.deepEqual(published.flatMap(Object.keys).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });
});

describe('safety of responses', () => {
  it('sets X-Content-Type-Options: nosniff on every response', async () => {
    const handler = handlerWith();
    const good = await handler(post({ purpose: 'playback', streams: ['a'] }));
    const bad = await handler(post('{'));
    const jwks = await createJwksHandler({ keys })(new Request('https://backend.test/'));
    for (const response of [good, bad, jwks])
      assert.equal(response.headers.get('X-Content-Type-Options'), 'nosniff');
  });

  it('refuses stream names that are path segments such as ..', async () => {
    for (const stream of ['.', '..']) {
      const response = await handlerWith()(post({ purpose: 'playback', streams: [stream] }));
      assert.equal(await codeOf(response), 'request-invalid');
    }
    assert.equal((await handlerWith()(post({ purpose: 'playback', streams: ['a..b'] }))).status, 200);
  });

  it('responds with an error if the issuer cannot apply a restriction of authorize', async () => {
    for (const restrictions of [{ ip: '192.0.2.1' }, { referer: 'example.com' }]) {
      const handler = handlerWith({ authorize: () => ({ restrictions }) });
      const response = await handler(post({ purpose: 'playback', streams: ['a'] }));
      assert.equal(await codeOf(response), 'issuer-parameter-invalid');
    }
    const tagged = handlerWith({ authorize: () => ({ restrictions: { tag: 'web' } }) });
    assert.equal((await tagged(post({ purpose: 'playback', streams: ['a'] }))).status, 200);
  });
});
