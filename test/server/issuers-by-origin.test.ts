import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createTokenHandler,
  issuersByOrigin,
  Problem,
  type IssuedToken,
  type LogFields,
  type TokenHandlerOptions,
  type TokenIssuer,
} from '@gatecast/server';

const NOW = 1_708_457_000;
const A = 'https://a.example';
const B = 'https://b.example:8443';
const now = () => NOW * 1000;
const request = { purpose: 'playback', stream: 's', grant: { expiresAt: NOW + 60 } } as const;

function gives(issued: Partial<IssuedToken>, options: Partial<TokenIssuer> = {}): TokenIssuer {
  return { issue: () => Promise.resolve({ expiresAt: NOW + 30, ...issued }), ...options };
}

function fails(error: Error): TokenIssuer {
  return { issue: () => Promise.reject(error) };
}

function recorder() {
  const lines: { fields: LogFields; message: string }[] = [];
  const add = (fields: LogFields, message: string) => void lines.push({ fields, message });
  return { lines, logger: { debug: add, info: add, warn: add, error: add } };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  return error instanceof Problem ? error.code : String(error);
}

describe('issuersByOrigin', () => {
  it('returns a token for each origin, that of the first origin first', async () => {
    const issuer = issuersByOrigin(
      { [A]: gives({ query: { sig: 'x' } }), [B]: gives({ path: '/p' }) },
      { now },
    );
    assert.deepEqual(await issuer.issue(request), {
      query: { sig: 'x' },
      expiresAt: NOW + 30,
      origins: [A],
      further: [{ path: '/p', expiresAt: NOW + 30, origins: [B] }],
    });
  });

  it('answers with the other tokens if an issuer fails, exceeds the grant, or does not answer', async () => {
    const secret = 'key-in-the-message';
    for (const [broken, logged] of [
      [fails(new Error(secret)), { origin: A, causedBy: 'Error' }],
      [fails(new Problem('vendor-unavailable', 'no')), { origin: A, code: 'vendor-unavailable' }],
      [gives({ query: { sig: 'x' }, expiresAt: NOW + 61 }), { origin: A, code: 'grant-exceeded' }],
      [
        gives({ url: `https://a.example/?Expires=${String(NOW + 90)}` }),
        { origin: A, code: 'grant-exceeded' },
      ],
      [gives({ token: 't', origins: ['https://c.example'] }), { origin: A, code: 'internal' }],
      [{ issue: () => new Promise<never>(() => undefined) }, { origin: A, code: 'internal' }],
    ] as const) {
      const { lines, logger } = recorder();
      const issuer = issuersByOrigin(
        { [A]: broken, [B]: gives({ token: 't' }) },
        { now, logger, timeoutMs: 20 },
      );
      assert.deepEqual(await issuer.issue(request), { token: 't', expiresAt: NOW + 30, origins: [B] });
      assert.deepEqual(
        lines.map(({ fields }) => fields),
        [logged],
      );
      assert.ok(!JSON.stringify(lines).includes(secret));
    }
  });

  it('fails only if all issuers fail, with a failure that may pass', async () => {
    const final = fails(new Problem('issuer-parameter-invalid', 'final'));
    const passing = fails(new Problem('vendor-unavailable', 'passes'));
    assert.equal(
      await codeOf(issuersByOrigin({ [A]: final, [B]: passing }).issue(request)),
      'vendor-unavailable',
    );
    assert.equal(
      await codeOf(issuersByOrigin({ [A]: fails(new Error('x')), [B]: final }).issue(request)),
      'issuer-parameter-invalid',
    );
  });

  it('refuses what is not an origin, none, too many, and itself', () => {
    const one = gives({ token: 't' });
    for (const key of [
      'https://a.example/',
      'a.example',
      'https://*.example',
      'https://a.example/live',
      'null',
    ])
      assert.throws(() => issuersByOrigin({ [key]: one }), TypeError);
    assert.throws(() => issuersByOrigin({}), TypeError);
    const many = Array.from(
      { length: 17 },
      (_, index) => [`https://a${String(index)}.example`, one] as const,
    );
    assert.throws(() => issuersByOrigin(Object.fromEntries(many)), TypeError);
    assert.throws(() => issuersByOrigin({ [A]: issuersByOrigin({ [B]: one }) }), /another issuersByOrigin/);
    assert.throws(() => issuersByOrigin({ [A]: one }, { timeoutMs: Number.NaN }), TypeError);
  });

  it('binds tokens only if each of its issuers does', () => {
    const binds = gives({ token: 't' });
    assert.equal(issuersByOrigin({ [A]: binds }).bindsTokens, undefined);
    assert.equal(issuersByOrigin({ [A]: binds, [B]: gives({}, { bindsTokens: false }) }).bindsTokens, false);
  });
});

function endpoint(issued: unknown, options: Partial<TokenHandlerOptions> = {}) {
  const { lines, logger } = recorder();
  const handler = createTokenHandler({
    // Plain JavaScript may return anything.
    issuers: { playback: { issue: () => Promise.resolve(issued as IssuedToken) } },
    authorize: () => ({ streams: ['s', 't'], claims: { exp: NOW + 60 } }),
    now,
    logger,
    ...options,
  });
  const ask = async (streams = ['s'], headers: Record<string, string> = {}) => {
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ purpose: 'playback', streams }),
      }),
    );
    return { response, body: (await response.json()) as Record<string, unknown> };
  };
  return { ask, lines };
}

const expiresAt = NOW + 30;
const late = String(NOW + 61);
const policy = Buffer.from(
  JSON.stringify({ Statement: [{ Condition: { DateLessThan: { 'AWS:EpochTime': NOW + 61 } } }] }),
).toString('base64');
const jwt = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from(`{"exp":${late}}`).toString('base64url')}.c2lnbmF0dXJl`;

describe('the token endpoint', () => {
  for (const [shape, issued] of Object.entries({
    'query fields': { query: { Policy: policy, Signature: 'x' } },
    'a query field with an end': { query: { hdnts: `exp=${late}~acl=/s/*~hmac=00` } },
    headers: { headers: { Authorization: `Bearer ${jwt}` } },
    'a path prefix': { path: `/bcdn_token=x&expires=${late}` },
    'a path segment': { path: jwt },
    'a signed address': { url: `https://cdn.example/s.m3u8?Expires=${late}&Signature=x` },
    'a further token': {
      query: { e: 'x' },
      origins: [A],
      further: [{ token: jwt, origins: [B], expiresAt }],
    },
    'reported ends of a cookie': { cookie: true, setCookies: ['c=1'], expiresAt: NOW + 61 },
  })) {
    it(`refuses a token that ends later than the grant: ${shape}`, async () => {
      const { ask } = endpoint({ expiresAt, ...issued });
      assert.equal((await ask()).body['code'], 'grant-exceeded');
    });
  }

  for (const [fault, issued] of Object.entries({
    'a query that is a text': { query: 'sig=x' },
    'a query without fields': { query: {} },
    'a query value with a space': { query: { sig: 'a b' } },
    'a query value that is a number': { query: { sig: 1 } },
    'a header with a line end': { headers: { 'X-Token': 'a\r\nSet-Cookie: x=1' } },
    'a header name with a space': { headers: { 'X Token': 'a' } },
    'an empty path': { path: '' },
    'a relative address': { url: '/s.m3u8?sig=x' },
    'an address with a password': { url: 'https://user:pass@cdn.example/s.m3u8' },
    'an address of another scheme': { url: 'javascript:alert(1)' },
    'a cookie that is not true': { cookie: 'c=1' },
    'no origins': { token: 't', origins: [] },
    'an origin with a path': { token: 't', origins: ['https://a.example/live'] },
    'a cookie with a line end': { cookie: true, setCookies: ['c=1\r\nX: y'] },
    'a further token without origins': { token: 't', origins: [A], further: [{ token: 't', expiresAt }] },
    'further tokens of a further token': {
      token: 't',
      origins: [A],
      further: [{ token: 't', origins: [B], expiresAt, further: [] }],
    },
    'more than 16 tokens': {
      token: 't',
      origins: [A],
      further: Array.from({ length: 16 }, () => ({ token: 't', origins: [B], expiresAt })),
    },
    'nothing that authorizes': { origins: [A] },
  })) {
    it(`refuses ${fault}, and does not repeat it`, async () => {
      const { ask, lines } = endpoint({ expiresAt, ...issued });
      const { response, body } = await ask();
      assert.deepEqual([response.status, body['code']], [500, 'internal']);
      assert.ok(!/a b|Set-Cookie: x|user:pass|alert/.test(JSON.stringify([body, lines])));
    });
  }

  it('returns one item for each token of a stream, and logs none of them', async () => {
    const issuer = issuersByOrigin({
      [A]: gives({ query: { sig: 'secret-a' } }),
      [B]: gives({ path: '/secret-b' }),
    });
    const { ask, lines } = endpoint(null, { issuers: { playback: issuer } });
    const { body } = await ask(['s', 't']);
    assert.equal(body['tokens'] instanceof Array && body['tokens'].length, 4);
    assert.equal(body['url'], undefined);
    assert.ok(lines.length > 0 && !JSON.stringify(lines).includes('secret'));
  });

  it('names the signed address of one stream at the top, and only there where it is the first token’s', async () => {
    const url = 'https://a.example/s.m3u8?sig=x';
    const { ask } = endpoint({ url, expiresAt });
    const { body } = await ask();
    assert.deepEqual([body['url'], body['tokens']], [url, [{ stream: 's', url, expiresAt }]]);
    assert.equal((await ask(['s', 't'])).body['url'], undefined);
    const other = { token: 't', origins: [B], expiresAt, further: [{ url, origins: [A], expiresAt }] };
    assert.equal((await endpoint(other).ask()).body['url'], undefined);
  });

  it('sets the cookies of all tokens, also for a page of another origin', async () => {
    const issued = {
      cookie: true,
      setCookies: ['CloudFront-Policy=p; Secure', 'CloudFront-Signature=s; Secure'],
      origins: [A],
      expiresAt,
      further: [{ cookie: true, setCookies: ['hdnts=h; Secure'], origins: [B], expiresAt }],
    };
    const page = 'https://page.example';
    const { ask } = endpoint(issued, { cors: { origins: [page], credentials: true } });
    const { response, body } = await ask(['s'], { Origin: page });
    assert.deepEqual(response.headers.getSetCookie(), [...issued.setCookies, 'hdnts=h; Secure']);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), page);
    assert.equal(response.headers.get('Access-Control-Allow-Credentials'), 'true');
    assert.ok(!JSON.stringify(body).includes('CloudFront'));
  });
});
