import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createTokenHandler,
  denyList,
  generateSigningKey,
  ingestJwtIssuer,
  jwtIssuer,
  memoryUsageStore,
  Problem,
  type Authorize,
  type IssuedToken,
  type LogFields,
  type TokenHandlerOptions,
} from '@gatecast/server';
import { decodeJwt } from 'jose';
import { CookieJar } from './support/cookie-jar.js';
import { requestWith } from './support/playlist-cookies.js';

const NOW_MS = 1_708_457_000_000;
const NOW = NOW_MS / 1000;
const now = () => NOW_MS;
const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const drop = () => undefined;

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly hint?: string;
  readonly streams: string[];
  readonly tokens: { stream: string; token: string; expiresAt: number }[];
}

function setUp(authorize: (request: Request) => unknown, options: Partial<TokenHandlerOptions> = {}) {
  const errors: LogFields[] = [];
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys, now }), ingest: ingestJwtIssuer({ keys, now }) },
    // Plain JavaScript may return anything.
    authorize: authorize as Authorize,
    logger: { debug: drop, info: drop, warn: drop, error: (fields) => void errors.push(fields) },
    now,
    ...options,
  });
  const ask = async (
    streams: string[],
    { purpose = 'playback', jar = new CookieJar(), user = '' } = {},
  ): Promise<Answer> => {
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-User': user, ...jar.headers },
        body: JSON.stringify({ purpose, streams }),
      }),
    );
    jar.keep(response);
    const body = (await response.json()) as Partial<Answer>;
    const tokens = body.tokens ?? [];
    return { ...body, status: response.status, tokens, streams: tokens.map(({ stream }) => stream) };
  };
  return { ask, errors };
}

class Session {
  readonly user = 'u';
}

describe('the result of authorize', () => {
  for (const [what, answer, fault] of [
    ['an empty object', {}, /documented member/],
    ['a list', [], /a list/],
    ['a Response', new Response(null, { status: 403 }), /instance of a class/],
    ['a Map', new Map([['user', 'u']]), /instance of a class/],
    ['an instance of a class', new Session(), /instance of a class/],
    ['an Error', new Error('no'), /instance of a class/],
    ['null', null, /null/],
    ['undefined', undefined, /undefined/],
    ['a number', 1, /number/],
    ['a string', 'yes', /string/],
    ['a function', () => true, /function/],
    ['an unknown member', { allowed: false }, /"allowed"/],
    ['an unknown member beside a known one', { user: 'u', stream: 'a' }, /"stream"/],
    ['a user that is a number', { user: 7 }, /"user"/],
    ['a user that is undefined', { user: undefined }, /"user"/],
    ['a user that is empty', { user: '' }, /"user"/],
    ['a device that is null', { user: 'u', device: null }, /"device"/],
    ['a lifetime as text', { ttlSeconds: '30' }, /"ttlSeconds"/],
    ['a lifetime that is not a number', { ttlSeconds: NaN }, /"ttlSeconds"/],
    ['a lifetime of 0', { ttlSeconds: 0 }, /"ttlSeconds"/],
    ['claims as list', { claims: ['a'] }, /"claims"/],
    ['an end in milliseconds', { claims: { exp: NOW_MS } }, /"claims\.exp"/],
    ['a jti that is a number', { claims: { jti: 1 } }, /"claims\.jti"/],
    ['an unknown restriction', { restrictions: { country: 'DE' } }, /"restrictions\.country"/],
    ['streams as text', { streams: 'a' }, /"streams"/],
    ['a stream that is a number', { streams: [1] }, /"streams"/],
    ['options of a stream as text', { streams: { a: 'yes' } }, /"streams"/],
    ['a Map of streams', { streams: new Map([['a', false]]) }, /"streams"/],
    ['an end of a stream, which the grant sets', { streams: { a: { expiresAt: 1 } } }, /expiresAt/],
    ['a user for one stream', { streams: { a: { user: 'u' } } }, /user/],
  ] as const) {
    it(`is refused if it is or has ${what}, and the fault is logged`, async () => {
      const { ask, errors } = setUp(() => answer);
      const { status, code, hint, tokens } = await ask(['a']);
      assert.deepEqual({ status, code, tokens }, { status: 403, code: 'forbidden', tokens: [] });
      assert.match(hint ?? '', /"user", "device", "ttlSeconds", "claims", "restrictions" and "streams"/);
      assert.equal(errors.length, 1);
      assert.match(String(errors[0]?.['fault']), fault);
    });
  }

  it('shows neither names nor values of members to the caller', async () => {
    const { ask } = setUp(() => ({ passwordHash: 'sentinel' }));
    assert.doesNotMatch(JSON.stringify(await ask(['a'])), /passwordHash|sentinel/);
  });

  for (const [what, answer, granted] of [
    ['true', true, ['a', 'b', 'constructor']],
    ['a user', { user: 'u' }, ['a', 'b', 'constructor']],
    ['a list', { streams: ['b', 'never-requested'] }, ['b']],
    ['an object with a grant', { streams: { a: { ttlSeconds: 5 } } }, ['a']],
    ['an object with a grant and a refusal', { streams: { a: true, b: false } }, ['a']],
    ['a name of Object.prototype', { streams: { constructor: true } }, ['constructor']],
    [
      'an object without prototype',
      Object.assign(Object.create(null), { user: 'u' }),
      ['a', 'b', 'constructor'],
    ],
  ] as const) {
    it(`grants exactly what ${what} lists`, async () => {
      const { ask, errors } = setUp(() => answer);
      assert.deepEqual((await ask(['a', 'b', 'constructor'])).streams, granted);
      assert.equal(errors.length, 0);
    });
  }

  for (const [what, answer] of [
    ['false', false],
    ['an empty list', { streams: [] }],
    ['an empty object of streams', { streams: {} }],
    ['a list of other streams', { streams: ['free'] }],
    ['refusals of all streams', { streams: { premium: false } }],
    ['refusals of other streams', { streams: { free: false } }],
    ['a name that Object.prototype has', { streams: { premium: false, toString: true } }],
  ] as const) {
    it(`refuses all streams for ${what}, without an error in the log`, async () => {
      const { ask, errors } = setUp(() => answer);
      assert.equal((await ask(['premium'])).code, 'forbidden');
      assert.equal(errors.length, 0);
    });
  }

  it('sets lifetime, claims and jti per stream', async () => {
    const { ask } = setUp(() => ({
      ttlSeconds: 60,
      claims: { plan: 'gold', region: 'eu' },
      streams: { a: true, b: { ttlSeconds: 5, claims: { region: 'us', jti: 'j' } } },
    }));
    const { tokens } = await ask(['a', 'b']);
    const claims = tokens.map(({ token }) => decodeJwt(token));
    assert.deepEqual(claims, [
      { sub: 'a', aud: 'v', exp: NOW + 60, plan: 'gold', region: 'eu' },
      { sub: 'b', aud: 'v', exp: NOW + 5, plan: 'gold', region: 'us', jti: 'j' },
    ]);
  });

  it('cannot grant what is revoked by its jti', async () => {
    const store = memoryUsageStore({ now });
    const isRevoked = denyList(store, {
      policy: 'closed',
      logger: { debug: drop, info: drop, warn: drop, error: drop },
    });
    const { ask } = setUp(
      () => ({ streams: { a: { claims: { jti: 'ja' } }, b: { claims: { jti: 'jb' } } } }),
      {
        isRevoked,
      },
    );
    await store.revoke('ja', NOW_MS + 1000);
    assert.deepEqual((await ask(['a', 'b'])).streams, ['b']);
    const refused = await ask(['a']);
    assert.deepEqual([refused.status, refused.code], [403, 'token-revoked']);
  });
});

describe('an issuer', () => {
  const tokenUntil = async (exp: number) =>
    (await jwtIssuer({ keys, now }).issue({ purpose: 'playback', stream: 'a', grant: { claims: { exp } } }))
      .token ?? '';

  for (const [what, issued] of [
    ['a later end', async () => ({ token: 'opaque', expiresAt: NOW + 31 })],
    [
      'a JWT that ends later than it reports',
      async () => ({ token: await tokenUntil(NOW + 31), expiresAt: NOW + 30 }),
    ],
    [
      'a security object that ends later',
      async () => ({ security: { token: 't', expires: String(NOW + 31) }, expiresAt: NOW }),
    ],
    [
      'a security object without a readable end',
      async () => ({ security: { token: 't', expires: 'soon' }, expiresAt: NOW }),
    ],
    [
      'a JWT for nanoPlayer that ends later',
      async () => ({ security: { jwtoken: await tokenUntil(NOW + 31) }, expiresAt: NOW }),
    ],
    ['no end', async () => ({ token: 'opaque' })],
    ['an end that is not a number', async () => ({ token: 'opaque', expiresAt: NaN })],
    ['an end in milliseconds', async () => ({ token: 'opaque', expiresAt: NOW_MS })],
  ] as const) {
    it(`cannot pass on a token with ${what}`, async () => {
      const playback = { issue: () => issued() as Promise<IssuedToken> };
      for (const authorize of [() => ({ ttlSeconds: 30 }), () => ({ claims: { exp: NOW + 30 } })]) {
        const { ask } = setUp(authorize, { issuers: { playback } });
        const { status, code, hint, tokens } = await ask(['a']);
        assert.deepEqual({ status, code, tokens }, { status: 500, code: 'grant-exceeded', tokens: [] });
        assert.match(hint ?? '', /expiresAt/);
      }
    });
  }

  for (const [what, issued] of [
    ['neither a token nor a security object', { expiresAt: NOW + 9 }],
    ['a token that is an object', { token: { a: 1 }, expiresAt: NOW + 9 }],
    ['an empty token', { token: '', expiresAt: NOW + 9 }],
    ['a token and a security object', { token: 't', security: { token: 't' }, expiresAt: NOW + 9 }],
  ] as const) {
    it(`cannot pass on ${what}`, async () => {
      const playback = { issue: async () => issued as never };
      const { status, code } = await setUp(() => true, { issuers: { playback } }).ask(['a']);
      assert.deepEqual({ status, code }, { status: 500, code: 'internal' });
    });
  }

  it('adds no members to the response', async () => {
    const result = { token: 'opaque', expiresAt: NOW + 9, stream: 'other', apiKey: 'sentinel' };
    const playback = { issue: async () => result };
    const { tokens } = await setUp(() => true, { issuers: { playback } }).ask(['a']);
    assert.deepEqual(tokens, [{ stream: 'a', token: 'opaque', expiresAt: NOW + 9 }]);
  });

  it('may take its time: a lifetime counts from the end of the call', async () => {
    let nowMs = NOW_MS;
    const issue = async () => {
      nowMs += 5000;
      return { token: 'opaque', expiresAt: nowMs / 1000 + 30 };
    };
    const { ask } = setUp(() => ({ ttlSeconds: 30 }), { issuers: { playback: { issue } }, now: () => nowMs });
    assert.equal((await ask(['a'])).tokens[0]?.expiresAt, NOW + 35);
  });
});

describe('the playlist cookie of the token endpoint', () => {
  const playlistCookie = createPlaylistCookie({ keys, now });
  const byHeader = (request: Request) => {
    const user = request.headers.get('X-User') ?? '';
    if (user === 'nobody') return false;
    if (user === 'signed-out') throw new Problem('unauthenticated', 'Sign in.');
    if (user === 'unknown') throw new Problem('keys-unavailable', 'The sessions are not available.');
    return user === '' ? true : { user, ttlSeconds: 30, streams: ['a', 'b'] };
  };
  const inJar = async (jar: CookieJar) => {
    const headers = new Headers(jar.headers);
    if (!headers.has('Cookie')) return [];
    const { grants } = await playlistCookie.read(new Request('https://backend.test/', { headers }));
    return grants.map(({ stream, user, expiresAt }) => [stream, user, expiresAt - NOW] as const);
  };

  it('ends with the tokens and collects the streams of a user', async () => {
    const { ask } = setUp(byHeader, { playlistCookie });
    const jar = new CookieJar();
    await ask(['a'], { jar, user: 'ann' });
    await ask(['b', 'secret'], { jar, user: 'ann' });
    assert.deepEqual(await inJar(jar), [
      ['b', 'ann', 30],
      ['a', 'ann', 30],
    ]);
    assert.deepEqual(jar.names, ['__Host-gatecast_playlists']);
  });

  for (const [what, request, left] of [
    ['another user', { user: 'bob', streams: ['b'] }, ['b']],
    ['another user who gets nothing', { user: 'bob', streams: ['secret'] }, []],
    ['another user who publishes', { user: 'bob', streams: ['a'], purpose: 'ingest' }, []],
    ['a caller without a user', { user: '', streams: ['b'] }, ['b']],
    ['a caller who is refused', { user: 'nobody', streams: ['c'] }, []],
    ['the same user who publishes', { user: 'ann', streams: ['a'], purpose: 'ingest' }, ['a', 'b']],
    ['a caller who is signed out', { user: 'signed-out', streams: ['a'] }, []],
    ['a caller whom the backend cannot check', { user: 'unknown', streams: ['a'] }, ['a', 'b']],
  ] as const) {
    it(`holds the right streams after a request of ${what}`, async () => {
      const { ask } = setUp(byHeader, { playlistCookie });
      const jar = new CookieJar();
      await ask(['a', 'b'], { jar, user: 'ann' });
      const { streams, ...options } = request;
      await ask([...streams], { jar, ...options });
      assert.deepEqual(
        (await inJar(jar)).map(([stream]) => stream),
        left,
      );
    });
  }

  it('loses the streams of another user if the limit refuses the new one', async () => {
    const limits = { user: { take: async (user: string) => (user === 'bob' ? 5000 : 0) } };
    const { ask } = setUp(byHeader, { playlistCookie, limits });
    const jar = new CookieJar();
    await ask(['a'], { jar, user: 'ann' });
    assert.equal((await ask(['b'], { jar, user: 'bob' })).code, 'rate-limited');
    assert.deepEqual(await inJar(jar), []);
  });

  it('is not set if nothing is granted and there is nothing to remove', async () => {
    const value = await playlistCookie.cookie(requestWith([]), { user: 'ann', granted: [] });
    assert.equal(value, null);
  });
});
