import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, redact, redactText, redactUrl } from '@gatecast/token';
import { REDACTED } from '@gatecast/token/internal/redact';
import fc from 'fast-check';
import { fakeJwt } from '../support/jwt.js';

const SECRET = 'S3cr3tS3cr3t';
const JWT = fakeJwt({ sub: 'demo' }, SECRET);

/** Fails without showing the text, which holds the secret then. */
function assertHides(text: unknown, name: string): void {
  const shown = typeof text === 'string' ? text : JSON.stringify(text);
  assert.ok(!shown.includes(SECRET), `${name} shows the secret`);
  assert.ok(!shown.includes(JWT.slice(0, 20)), `${name} shows the JWT`);
}

/** Milliseconds of the quickest of three runs: a busy machine only ever makes a run slower. */
function shortestMs(text: string): number {
  const runs = [1, 2, 3].map(() => {
    const startedMs = performance.now();
    redactText(text);
    redactUrl(text);
    return performance.now() - startedMs;
  });
  return Math.min(...runs);
}

describe('redactText', () => {
  const leaks: Record<string, string> = {
    'a JWT': `got ${JWT}.`,
    'a JWT without a boundary before it': `got_${JWT} and x${JWT}`,
    'a JWT in an encoded URL': `/proxy/https%3A%2F%2Fcdn.example%2Fa.m3u8%3Ftoken%3D${JWT}`,
    'a query of an absolute URL': `GET https://cdn.example/a.m3u8?st=1&e=2&h=${SECRET} failed`,
    'a query of a rooted path': `GET /live/a.m3u8?h=${SECRET} failed`,
    'a query of a relative URL': `GET seg/a.m4s?Policy=a&h=${SECRET} failed`,
    'an encoded query': `https%3A%2F%2Fcdn.example%2Fa.m3u8%3Fh%3D${SECRET}`,
    'a query in brackets': `(see https://cdn.example/a?h=${SECRET})`,
    'a query in quotes': `"https://cdn.example/a?h=${SECRET}"`,
    'a fragment': `https://cdn.example/a#access=${SECRET}`,
    'a WebSocket URL': `wss://edge.example/h5live?h=${SECRET}`,
    'user info': `https://user:${SECRET}@cdn.example/a`,
    'user info with an @ in it': `rtmp://user:pa@${SECRET}@cdn.example/a`,
    'a Bearer value': `Authorization: Bearer ${SECRET}`,
    'a bearer value by itself': `bearer ${SECRET}`,
    'another scheme': `Authorization: Basic ${SECRET}`,
    'a cookie': `Set-Cookie: a=b; session=${SECRET}; Path=/`,
    'a pair': `token=${SECRET}`,
    'a pair with a prefix': `id_token=${SECRET}&streamToken=${SECRET}`,
    'an encoded pair': `token%3D${SECRET}`,
    'a JSON member': `{"token": "${SECRET}"}`,
    'a JSON member inside a JSON string': JSON.stringify(JSON.stringify({ token: SECRET })),
    'a token of Akamai': `exp=1708457300~acl=/live/*~hmac=${SECRET}`,
    'a token of Akamai in a path': `GET https://cdn.example/hdntl=exp=1708457300~acl=/*~hmac=${SECRET}/low/1.ts`,
    'a signature of Google in a path': `/live/edge-cache-token=Expires=1708457300&KeyName=k&Signature=${SECRET}/1.ts`,
    'an API key': `X-BINTU-APIKEY: ${SECRET}`,
  };
  for (const [name, text] of Object.entries(leaks)) {
    it(`hides ${name}`, () => assertHides(redactText(text), name));
  }

  it('does not change ordinary text', () => {
    for (const text of [
      'The token endpoint returned HTTP 503.',
      'The token answer is neither a token nor a JSON object.',
      'Is it there? Yes: at https://cdn.example/live/a.m3u8, 12:30',
      'The stream "demo" is not on air (404).',
      '"expiresAt" looks like milliseconds; seconds are due.',
    ]) {
      assert.equal(redactText(text), text);
    }
  });

  it('gives the same result when applied twice', () => {
    for (const text of Object.values(leaks)) {
      const once = redactText(text);
      assert.equal(redactText(once), once);
    }
  });

  for (const piece of [
    'hmac=',
    'eyJ',
    'eyJ-',
    'eyJa.',
    'http:',
    'http://',
    'token',
    'token ',
    'Bearer ',
    '/',
    '?',
    'a-',
    '%3D',
    '"\\',
  ]) {
    it(`takes linear time for a long run of ${JSON.stringify(piece)}`, () => {
      const hostile = piece.repeat(200_000 / piece.length);
      // Quadratic work would take some thousand times as long as the same length of plain text in the same moment.
      assert.ok(shortestMs(hostile) < 100 * Math.max(1, shortestMs('word '.repeat(40_000))));
    });
  }
});

describe('redactUrl', () => {
  it('hides the pairs that a CDN writes into a path, and keeps the rest of the path', () => {
    assert.equal(
      redactUrl(`https://cdn.example/live/hdntl=exp=1708457300~acl=/*~hmac=${SECRET}/low/1.ts?x=1`),
      `https://cdn.example/live/hdntl=exp=1708457300~acl=/*~hmac=${REDACTED}/low/1.ts`,
    );
    assert.equal(
      redactUrl(`/live/edge-cache-token=Expires=1708457300&KeyName=k&Signature=${SECRET}/1.ts`),
      `/live/edge-cache-token=${REDACTED}&KeyName=k&Signature=${REDACTED}/1.ts`,
    );
  });

  it('shows origin and path only', () => {
    assert.equal(
      redactUrl(`https://u:${SECRET}@cdn.example:8443/a/b.m3u8?h=${SECRET}#${SECRET}`),
      'https://cdn.example:8443/a/b.m3u8',
    );
    assert.equal(redactUrl('/live/a.m3u8?_HLS_msn=1'), '/live/a.m3u8');
  });

  for (const name of ['DS00eyJSpg01zkqT.m3u8', 'eyJab1c.stream.m3u8'])
    it(`shows a name in which too little follows eyJ for a JWT: ${name}`, () => {
      assert.equal(redactUrl(`https://cdn.example/live/${name}?h=1`), `https://cdn.example/live/${name}`);
      assert.equal(redactText(`no ${name}`), `no ${name}`);
    });

  for (const cut of [0, 1, 20, 60])
    it(`hides a JWT without its last ${cut} characters, behind a name with eyJ in it`, () => {
      const url = `https://cdn.example/eyJSpg01zkqT.${JWT.slice(0, JWT.length - cut)}/a.m3u8`;
      assert.ok(!redactUrl(url).includes(JWT.slice(0, 30)), redactUrl(url));
    });

  it('hides a token in the path', () => {
    assert.equal(
      redactUrl(`https://cdn.example/${JWT}/live/a.m3u8`),
      `https://cdn.example/${REDACTED}/live/a.m3u8`,
    );
  });
});

describe('redact', () => {
  it('hides values by their names at any depth', () => {
    const names = [
      'token',
      'accessToken',
      'refresh_token',
      'streamToken',
      'jwt',
      'jwtoken',
      'authorization',
      'Cookie',
      'set-cookie',
      'X-BINTU-APIKEY',
      'x-bintu-token',
      'api_key',
      'apiKey',
      'security',
      'clientSecret',
      'password',
      'privateKey',
      'signature',
      'd',
    ];
    for (const name of names)
      assert.deepEqual(redact({ list: [{ [name]: SECRET }] }), { list: [{ [name]: REDACTED }] });
  });

  it('keeps values whose names only resemble a secret', () => {
    const plain = {
      tokenUrl: '/api/tokens',
      tokenStates: [{ stream: 'a', state: 'fresh' }],
      tokenPlacement: 'query:token',
      hasToken: true,
      tokens: [],
      token: null,
    };
    assert.deepEqual(redact(plain), plain);
  });

  it('passes every other string, key and error through redactText', () => {
    const url = `https://cdn.example/a?h=${SECRET}`;
    const error = new Error(`cannot load ${url}`, { cause: new Error(url) });
    const typed = new GatecastError('source-failed', url, { hint: url, cause: error });
    const shown = redact({ url, [url]: 1, error, typed, address: new URL(url), nested: [[url]] });
    assertHides(shown, 'redact');
    assert.match(JSON.stringify(shown), /cannot load/);
  });

  it('cuts cycles and shows what is referred to twice', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared };
    value['self'] = value;
    assert.deepEqual(redact(value), { one: { a: 1 }, two: { a: 1 }, self: '[circular]' });
  });

  it('gives JSON for anything', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withTypedArray: true,
        }),
        (value) => {
          JSON.stringify(redact(value));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never throws, and shows the rest of an object of which a member cannot be read', () => {
    const fails = (): never => {
      throw new Error(SECRET);
    };
    const odd = {
      getter: Object.defineProperty({ a: 1 }, 'b', { get: fails, enumerable: true }),
      json: { toJSON: fails },
      proxy: new Proxy({}, { ownKeys: fails, getPrototypeOf: fails, has: fails }),
      error: Object.defineProperty(new Error('x'), 'message', { get: fails }),
      symbol: Object.assign(new Error('x'), { name: Symbol('s') }),
      endless: { toJSON: (): unknown => ({ toJSON: odd.endless.toJSON }) },
    };
    assert.deepEqual(redact(odd), {
      getter: { a: 1, b: '[unreadable]' },
      json: '[unreadable]',
      proxy: '[unreadable]',
      error: '[unreadable]',
      symbol: '[unreadable]',
      endless: '[too deep]',
    });
  });

  it('cuts objects that are very deep', () => {
    let deep: unknown = SECRET;
    for (let level = 0; level < 20_000; level += 1) deep = level % 2 === 0 ? { deep } : [deep];
    assert.match(JSON.stringify(redact(deep)), /^[^S]*"\[too deep\]"[\]}]+$/);
  });

  it('does not show binary data, which may be a token', () => {
    const bytes = new TextEncoder().encode(SECRET);
    const views = [bytes, Buffer.from(bytes), new DataView(bytes.buffer), new Uint16Array(4)];
    assert.deepEqual(
      redact(views),
      views.map(() => '[binary]'),
    );
  });

  it('drops functions', () => {
    assert.deepEqual(JSON.stringify(redact({ a: () => SECRET, b: 1 })), '{"b":1}');
  });
});

describe('GatecastError', () => {
  it('shows no secret of its message, hint, vendor code or cause, in any form', () => {
    const text = `GET https://cdn.example/a?h=${SECRET} token=${SECRET} ${JWT}`;
    const cause = Object.assign(new TypeError(text), { request: { token: SECRET } });
    const error = new GatecastError('source-failed', text, { hint: text, vendorCode: text, cause });
    assertHides(error.message, 'message');
    assertHides(error.hint, 'hint');
    assertHides(error.stack ?? '', 'stack');
    assertHides(error, 'JSON');
    assertHides(String(error), 'string');
    assert.ok(error.cause instanceof Error);
    assertHides(error.cause.message + (error.cause.stack ?? '') + JSON.stringify(error.cause), 'cause');
    assert.equal(error.cause.name, 'TypeError');
  });

  it('hides a secret in the name of its cause', () => {
    const cause = Object.assign(new Error('x'), { name: `token=${SECRET}` });
    const error = new GatecastError('source-failed', 'It failed.', { hint: 'Look.', cause });
    assert.ok(error.cause instanceof Error);
    assertHides(error.cause.name + String(error.cause), 'cause');
  });

  it('takes any cause', () => {
    const fails = (): never => {
      throw new Error('no');
    };
    const odd = [
      Object.defineProperty(new Error('x'), 'message', { get: fails }),
      Object.defineProperty(new Error('x'), 'name', { get: fails }),
      Object.assign(new Error('x'), { name: Symbol('s') }),
      {
        get [Symbol.toStringTag]() {
          return fails();
        },
      },
      new Proxy({}, { getPrototypeOf: fails }),
      null,
      undefined,
      1,
      'text',
      Symbol('s'),
      Object.create(null) as unknown,
      {
        toString: () => {
          throw new Error('no');
        },
      },
      Object.assign(new Error('x'), { message: undefined }),
      () => SECRET,
    ];
    for (const cause of odd) {
      const error = new GatecastError('source-failed', 'It failed.', { hint: 'Look.', cause });
      assertHides(String(error.cause), 'cause');
    }
  });

  it('keeps a cause that is a GatecastError, which is already redacted', () => {
    const cause = new GatecastError('token-refused', 'No.', { hint: 'Sign in.', status: 401 });
    assert.equal(new GatecastError('source-failed', 'It failed.', { hint: 'Look.', cause }).cause, cause);
  });
});
