import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  Problem,
  type LogFields,
  type ProblemCode,
  type ProblemOptions,
  type TokenHandlerOptions,
} from '@gatecast/server';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const drop = () => undefined;

/** The response of a token endpoint whose `authorize` throws, and what it logs. */
async function refuse(problem: () => unknown, options: Partial<TokenHandlerOptions> = {}) {
  const logged: LogFields[] = [];
  const log = (fields: LogFields) => void logged.push(fields);
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize: () => {
      throw problem();
    },
    cors: { origins: ['https://page.test'] },
    playlistCookie: createPlaylistCookie({ keys }),
    logger: { debug: drop, info: log, warn: drop, error: log },
    ...options,
  });
  const response = await handler(
    new Request('https://backend.test/', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://page.test' },
      body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
    }),
  );
  return { response, logged };
}

/** A code as plain JavaScript may write it. */
const untyped = (code: unknown) => code as ProblemCode;

describe('Problem', () => {
  for (const code of ['not-allowed', 'constructor', '__proto__', undefined, 7]) {
    it(`has status 500 for the unknown code ${JSON.stringify(code)}`, async () => {
      const { response, logged } = await refuse(() => new Problem(untyped(code), 'No.'));
      assert.equal(response.status, 500);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), 'https://page.test');
      assert.ok(response.headers.has('X-Request-Id'));
      assert.equal(logged.length, 1);
    });
  }

  it('keeps the status that is given with an unknown code', () => {
    assert.equal(new Problem(untyped('payment-required'), 'Pay.', { status: 402 }).status, 402);
  });

  for (const status of [0, 99, 101, 200, 204, 302, 399, 600, 403.5, NaN, Infinity, '403']) {
    it(`has status 500 instead of ${String(status)}`, async () => {
      const options = { status } as ProblemOptions;
      const { response } = await refuse(() => new Problem('forbidden', 'No.', options));
      assert.equal(response.status, 500);
      assert.equal(((await response.json()) as { status: number }).status, 500);
    });
  }

  it('sends no header that HTTP does not allow, and the others', async () => {
    const headers = { 'X-Line': 'a\r\nSet-Cookie: b=c', 'X Name': 'a', 'X-Wide': '放', 'X-Good': 'ok' };
    const { response } = await refuse(
      () => new Problem('forbidden', 'No.', { headers, retryAfterSeconds: NaN }),
    );
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('X-Good'), 'ok');
    for (const name of ['X-Line', 'X-Wide', 'Retry-After']) assert.ok(!response.headers.has(name), name);
    assert.ok(!response.headers.getSetCookie().some((cookie) => cookie.startsWith('b=')));
  });

  it('that cannot be written as JSON becomes the response "internal"', async () => {
    const vendorCode: unknown = 1n;
    const options = { vendorCode } as ProblemOptions;
    const { response } = await refuse(() => new Problem('forbidden', 'No.', options));
    assert.equal(response.status, 500);
    assert.equal(((await response.json()) as { code: string }).code, 'internal');
    assert.ok(response.headers.has('X-Request-Id'));
  });

  it('is answered with 500 if the logger throws', async () => {
    const fail = () => {
      throw new Error('disk full');
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { response } = await refuse(() => new Problem('forbidden', 'No.'), { logger });
    assert.equal(response.status, 500);
  });
});
