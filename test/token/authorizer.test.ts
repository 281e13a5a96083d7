import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  fetchAuthorized,
  parsePlacement,
  TokenManager,
  type Placement,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

const URL_A = 'https://cdn.example/live/a.m3u8';

function setUp(placement: Placement = parsePlacement('query:token'), origins = ['https://cdn.example']) {
  const time = new FakeClock();
  const reasons: string[] = [];
  const source = customSource(async ({ reason }) => {
    reasons.push(reason);
    return { token: `t${reasons.length}`, expiresAt: Math.floor(time.wallMs / 1000) + 3600 };
  });
  const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
  const lease = tokens.lease({ streams: ['a'] });
  return { time, reasons, tokens, lease, authorizer: new Authorizer({ tokens, placement, origins }) };
}

/** An origin that takes some tokens; counts what it was asked. */
function origin(isGood: (url: string) => boolean, status = 403) {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    requests.push({ url, init });
    return isGood(url) ? new Response('ok') : new Response('no', { status });
  };
  return { requests, fetch };
}

async function run<T>(time: FakeClock, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await time.advance(20);
  return promise;
}

describe('Authorizer', () => {
  it('adds proofs to requests with a token only, and so never to an origin that is not allowed', async () => {
    const { time, tokens } = setUp();
    const proved: unknown[] = [];
    const prove = (value: unknown) => {
      proved.push(value);
      return (fetch: typeof globalThis.fetch) => fetch;
    };
    const proving = {
      get: tokens.get.bind(tokens),
      peek: tokens.peek.bind(tokens),
      rejected: tokens.rejected.bind(tokens),
      accepted: tokens.accepted.bind(tokens),
      prove,
    };
    const authorizer = new Authorizer({
      tokens: proving,
      placement: parsePlacement('header'),
      origins: ['https://cdn.example'],
    });
    const foreign = await authorizer.authorize('https://other.example/a.ts', 'a');
    assert.equal(foreign.prove, undefined);
    const request = await run(time, authorizer.authorize(URL_A, 'a'));
    assert.equal(typeof request.prove, 'function');
    assert.deepEqual(proved, ['t1']);
  });

  it('adds the token to a request and returns its version', async () => {
    const { time, authorizer } = setUp();
    const request = await run(time, authorizer.authorize(`${URL_A}?x=%7e`, 'a'));
    assert.equal(request.url, `${URL_A}?x=%7e&token=t1`);
    assert.equal(typeof request.version, 'number');
    assert.equal(request.credentials, undefined);
  });

  const others = [
    'https://other.example/a.m3u8',
    'http://cdn.example/a.m3u8',
    'https://cdn.example:8443/a.m3u8',
    'https://cdn.example.evil.example/a.m3u8',
    'https://cdn.example@evil.example/a.m3u8',
    '//cdn.example/a.m3u8',
    '/live/a.m3u8',
    'data:application/vnd.apple.mpegurl,x',
    'blob:https://cdn.example/0b6f3c9e',
    'file:///live/a.m3u8',
    'not a url',
  ];
  for (const url of others) {
    it(`adds no token to ${url}`, async () => {
      const { authorizer, reasons } = setUp(parsePlacement('header'), ['https://cdn.example', 'null']);
      const bare = { url, headers: {}, credentials: undefined, redirect: 'follow', version: null };
      assert.deepEqual(await authorizer.authorize(url, 'a'), bare);
      assert.deepEqual(authorizer.authorizeNow(url, 'a'), bare);
      assert.equal(reasons.length, 0, 'nor asks for one');
    });
  }

  it('sends cookies to the allowed origins only, if there is no token', async () => {
    const { authorizer, reasons } = setUp({ kind: 'none', credentials: 'include' });
    assert.equal((await authorizer.authorize(URL_A, 'a')).credentials, 'include');
    assert.equal((await authorizer.authorize('https://other.example/a.ts', 'a')).credentials, undefined);
    assert.equal(reasons.length, 0);
  });

  it('adds no token to the origin that a playlist was redirected to', async () => {
    const { authorizer } = setUp();
    const base = 'https://elsewhere.example/live/index.m3u8';
    const request = await authorizer.authorize(new URL('seg1.m4s', base).href, 'a');
    assert.equal(request.url, 'https://elsewhere.example/live/seg1.m4s');
  });

  for (const [placement, redirect] of [
    ['header', 'follow'],
    ['header:authorization', 'follow'],
    ['header:X-Token', 'manual'],
    ['query:token', 'follow'],
    ['cookie', 'follow'],
  ]) {
    it(`${redirect === 'follow' ? 'follows' : 'does not follow'} redirects with ${placement}`, async () => {
      const { time, authorizer } = setUp(parsePlacement(placement ?? ''));
      assert.equal((await run(time, authorizer.authorize(URL_A, 'a'))).redirect, redirect);
    });
  }

  it('accepts origins with paths, capitals and default ports', () => {
    const { authorizer } = setUp(undefined, [
      'https://CDN.example/',
      'https://b.example/live/x.m3u8',
      'https://c.example:443',
    ]);
    for (const url of [URL_A, 'https://b.example/y', 'https://c.example/y'])
      assert.ok(authorizer.isAllowed(url));
  });

  it('sends cookies only if they carry the token, and only to allowed origins', async () => {
    const { time, authorizer } = setUp({ kind: 'cookie' });
    const request = await run(time, authorizer.authorize(URL_A, 'a'));
    assert.equal(request.credentials, 'include');
    assert.equal(request.url, URL_A);
    const other = await authorizer.authorize('https://other.example/a', 'a');
    assert.equal(other.credentials, undefined);
  });

  it('requests no token with placement none', async () => {
    const { authorizer, reasons } = setUp({ kind: 'none' });
    assert.equal((await authorizer.authorize(URL_A, 'a')).version, null);
    assert.equal(reasons.length, 0);
  });

  for (const placement of [
    'path:/{token}{path}',
    'path:/t/{token}{path}',
    'query:token',
    'header',
    'cookie',
  ]) {
    it(`sends the token to the origin that it has checked only, however the address is written (${placement})`, async () => {
      const { time, authorizer } = setUp(parsePlacement(placement));
      for (const address of [
        'https:///cdn.example/x.ts',
        'https:/cdn.example/x.ts',
        'https:cdn.example/x.ts',
        'https:\\\\cdn.example\\x.ts',
        'https://cdn.example\\x.ts',
        ' https://cdn.example/x.ts',
        'ht\ttps://cdn.example/x.ts',
        'HTTPS://CDN.example:443/x.ts',
        'https://cdn.example',
        'https://cdn.example?x',
        'https://cdn.example//other.example/x.ts',
        'https://other.example@cdn.example/x.ts',
      ]) {
        const { url, version } = await run(time, authorizer.authorize(address, 'a'));
        assert.equal(version, 1, address);
        // A page of the same scheme reads https:x as a relative address.
        assert.equal(new URL(url, 'https://page.example/').host, 'cdn.example', address);
        assert.match(url, /^https:\/\/[^/]*cdn\.example[/?]/, address);
      }
    });
  }

  it('adds the token without waiting only while it is valid', async () => {
    const { time, authorizer } = setUp();
    assert.equal(authorizer.authorizeNow(URL_A, 'a'), null);
    await run(time, authorizer.authorize(URL_A, 'a'));
    assert.equal(authorizer.authorizeNow(URL_A, 'a')?.url, `${URL_A}?token=t1`);
  });

  it('treats 401 and 403 as a refusal, but only of a request with a token', async () => {
    const { time, authorizer } = setUp();
    const request = await run(time, authorizer.authorize(URL_A, 'a'));
    const statuses = [200, 302, 400, 401, 403, 404, 410, 500, 503].filter((status) =>
      authorizer.isRefusal(status, request),
    );
    assert.deepEqual(statuses, [401, 403]);
    const bare = await authorizer.authorize('https://other.example/a', 'a');
    assert.equal(authorizer.isRefusal(403, bare), false);
    await authorizer.rejected('a', bare);
  });

  for (const status of [401, 403]) {
    it(`requests one token for ten parallel requests that got ${status}, and repeats each once`, async () => {
      const { time, authorizer, reasons } = setUp();
      await run(time, authorizer.authorize(URL_A, 'a'));
      const { fetch, requests } = origin((url) => url.endsWith('t2'), status);
      const all = Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          fetchAuthorized({ authorizer, url: `${URL_A}?i=${i}`, stream: 'a', fetch }),
        ),
      );
      const responses = await run(time, all);
      assert.ok(responses.every((response) => response.ok));
      assert.deepEqual(reasons, ['initial', 'rejected']);
      assert.equal(requests.length, 20);
    });
  }

  it('throws token-rejected after one token request if the new token is refused too', async () => {
    const { time, authorizer, reasons } = setUp();
    const { fetch, requests } = origin(() => false);
    const all = Promise.allSettled(
      Array.from({ length: 10 }, () => fetchAuthorized({ authorizer, url: URL_A, stream: 'a', fetch })),
    );
    const results = await run(time, all);
    for (const result of results) {
      assert.ok(result.status === 'rejected');
      const { code, status, retryable } = result.reason as {
        code: string;
        status: number;
        retryable: boolean;
      };
      assert.deepEqual([code, status, retryable], ['token-rejected', 403, true]);
    }
    assert.deepEqual(reasons, ['initial', 'rejected']);
    assert.equal(requests.length, 20);
  });

  it('requests few tokens if the origin refuses all of them', async () => {
    const { time, authorizer, reasons } = setUp();
    const { fetch } = origin(() => false);
    for (let second = 0; second < 600; second += 1) {
      const attempt = fetchAuthorized({ authorizer, url: URL_A, stream: 'a', fetch }).catch(() => undefined);
      await time.advance(1000);
      await attempt;
    }
    assert.ok(reasons.length < 60, `${reasons.length} tokens in ten minutes`);
  });

  it('starts again after the origin accepted a token', async () => {
    const { time, authorizer, reasons } = setUp();
    let good = 't1';
    const { fetch } = origin((url) => url.endsWith(good));
    for (good of ['t1', 't2', 't3', 't4']) {
      const response = await run(time, fetchAuthorized({ authorizer, url: URL_A, stream: 'a', fetch }));
      assert.ok(response.ok);
    }
    assert.deepEqual(reasons, ['initial', 'rejected', 'rejected', 'rejected']);
  });

  it('returns other responses unchanged and keeps the caller’s options', async () => {
    const { time, authorizer } = setUp(parsePlacement('header'));
    const requests: RequestInit[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      requests.push(init ?? {});
      return new Response('gone', { status: 404 });
    };
    const init: RequestInit = {
      method: 'PATCH',
      body: 'x',
      headers: { 'If-Match': '"e"' },
      credentials: 'omit',
    };
    const response = await run(time, fetchAuthorized({ authorizer, url: URL_A, stream: 'a', init, fetch }));
    assert.equal(response.status, 404);
    assert.equal(requests.length, 1);
    const [sent] = requests;
    assert.deepEqual([sent?.method, sent?.body, sent?.credentials], ['PATCH', 'x', 'omit']);
    const headers = new Headers(sent?.headers);
    assert.equal(headers.get('If-Match'), '"e"');
    assert.equal(headers.get('Authorization'), 'Bearer t1');
  });

  it('stops waiting for a token when the caller’s signal aborts', async () => {
    const { authorizer } = setUp();
    const controller = new AbortController();
    const { fetch, requests } = origin(() => true);
    const attempt = fetchAuthorized({
      authorizer,
      url: URL_A,
      stream: 'a',
      init: { signal: controller.signal },
      fetch,
    });
    const reason = new Error('left');
    controller.abort(reason);
    await assert.rejects(attempt, reason);
    assert.equal(requests.length, 0);
  });

  it('cancels the body of a refused response', async () => {
    const { time, authorizer } = setUp();
    let isCancelled = false;
    const refused = new ReadableStream({ cancel: () => void (isCancelled = true) });
    const fetch: typeof globalThis.fetch = async (input) =>
      (input as string).endsWith('t1') ? new Response(refused, { status: 403 }) : new Response('ok');
    await run(time, fetchAuthorized({ authorizer, url: URL_A, stream: 'a', fetch }));
    assert.equal(isCancelled, true);
  });
});

describe('withoutTokens', () => {
  const opaque = 'opaque-ingest-token';

  async function setUpOpaque(placement: string, origins = ['https://cdn.example']) {
    const { tokens, lease, authorizer } = setUp(parsePlacement(placement), origins);
    tokens.seed('a', opaque);
    return { tokens, lease, authorizer };
  }

  it('makes a Location with the token an address for the tokens of later requests', async () => {
    for (const placement of ['query:token', 'path:/signed/{token}{path}']) {
      const { tokens, lease, authorizer } = await setUpOpaque(placement);
      const { url } = await authorizer.authorize('https://cdn.example/whip/a', 'a');
      const kept = authorizer.withoutTokens(url);
      assert.ok(!kept.includes(opaque));
      tokens.seed('a', 'a-later-ingest-token');
      const later = await authorizer.authorize(kept, 'a');
      assert.equal(later.url, url.replace(opaque, 'a-later-ingest-token'));
      lease.release();
    }
  });

  it('leaves addresses of origins that get no token as they are', async () => {
    const { lease, authorizer } = await setUpOpaque('path:/t/{token}{path}');
    for (const url of [
      `https://other.example/t/${opaque}/a`,
      `https://[bad/${opaque}`,
      'https://cdn.example/a',
    ])
      assert.equal(authorizer.withoutTokens(url), url);
    lease.release();
  });

  it('leaves everything as it is without a placement', async () => {
    const { lease, authorizer } = await setUpOpaque('none');
    const url = `https://cdn.example/t/${opaque}/a`;
    assert.equal(authorizer.withoutTokens(url), url);
    lease.release();
  });
});
