import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  parsePlacement,
  requestMedia,
  type AuthorizerOptions,
  type GatecastError,
  type MediaRequest,
  type Token,
} from '@gatecast/token';
import { sendAsPage } from '@gatecast/player/internal/engine/hls/page-requests';

const SECRET = 'page-requests-secret-token';
const URL_FIRST = 'https://cdn.example/live/a.m3u8';
const playlist: MediaRequest = { url: URL_FIRST, stream: 'a', responseType: 'text' };
const segment: MediaRequest = {
  url: 'https://cdn.example/live/1.m4s',
  stream: 'a',
  responseType: 'arraybuffer',
  range: { start: 10, end: 20 },
};
const source = { entries: [{ url: URL_FIRST }] };
const signal = new AbortController().signal;

function authorizerWith(placement: string) {
  const token: Token = {
    stream: 'a',
    version: 1,
    value: SECRET,
    receivedAtMs: 0,
    expiresAtMs: null,
    notBeforeMs: null,
    issuedAtMs: null,
  };
  const tokens: AuthorizerOptions['tokens'] = {
    get: () => Promise.resolve(token),
    peek: () => token,
    rejected: () => Promise.reject(new Error('refused')),
    accepted: () => undefined,
  };
  return new Authorizer({ tokens, placement: parsePlacement(placement), origins: ['https://cdn.example'] });
}

/** Sends a request with a page's configuration, and returns what reaches the network. */
async function sent(config: Record<string, unknown>, request: MediaRequest, placement = 'header') {
  let url = '';
  let init: RequestInit = {};
  const fetch: typeof globalThis.fetch = (input, given = {}) => {
    url = input instanceof Request ? input.url : String(input);
    init = given;
    return Promise.resolve(new Response('#EXTM3U\n'));
  };
  await sendAsPage(
    { options: { hlsConfig: config, cmcd: null, drm: null, playlistSigner: '' }, source },
    authorizerWith(placement),
    request,
    {
      signal,
      fetch,
    },
  );
  return { url, init, headers: new Headers(init.headers) };
}

describe('sendAsPage', () => {
  it('calls fetchSetup with the address and headers of each request, without the token', async () => {
    const seen: string[] = [];
    const fetchSetup = (context: { url: string }, init: RequestInit) => {
      seen.push(JSON.stringify([context, Object.fromEntries(new Headers(init.headers))]));
      const headers = new Headers(init.headers);
      headers.set('X-Page', 'yes');
      headers.set('authorization', 'Basic of-the-page');
      return new Request(context.url, { ...init, headers, credentials: 'include', cache: 'no-store' });
    };
    for (const request of [playlist, segment]) {
      const { init, headers } = await sent({ fetchSetup }, request);
      assert.equal(headers.get('X-Page'), 'yes');
      assert.equal(headers.get('Authorization'), `Bearer ${SECRET}`, 'the token wins');
      assert.equal(init.credentials, 'include');
      assert.equal(init.cache, 'no-store');
      assert.equal(headers.get('Range'), request.range ? 'bytes=10-19' : null);
    }
    assert.equal(seen.length, 2);
    assert.ok(seen[1]?.includes('"range":"bytes=10-19"'));
    for (const placement of ['query:token', 'path:/{token}{path}'])
      await sent({ fetchSetup }, playlist, placement);
    assert.ok(!seen.join('').includes(SECRET));
  });

  it('gives the token to the address that a hook chooses only if its origin is allowed', async () => {
    const to = (url: string) => ({ fetchSetup: (_: unknown, init: RequestInit) => new Request(url, init) });
    assert.equal(
      (await sent(to('https://evil.example/a.m3u8'), playlist)).headers.get('Authorization'),
      null,
    );
    const near = await sent(to('https://cdn.example/b.m3u8?x=1'), playlist, 'query:token');
    assert.equal(near.url, `https://cdn.example/b.m3u8?x=1&token=${SECRET}`);
  });

  it('gives the context of hls.js to the hook of its own requests', async () => {
    const context = { url: URL_FIRST, type: 'manifest' };
    let seen: unknown;
    const fetchSetup = (given: unknown, init: RequestInit) => {
      seen = given;
      return new Request(URL_FIRST, init);
    };
    await sent({ fetchSetup }, { ...playlist, context });
    assert.equal(seen, context);
  });

  it('names a hook that fails or returns nothing', async () => {
    for (const fetchSetup of [
      () => undefined,
      () => {
        throw new Error('no');
      },
    ]) {
      await assert.rejects(sent({ fetchSetup }, playlist), (error: GatecastError) => {
        assert.equal(error.code, 'option-invalid');
        assert.match(error.message, /fetchSetup/);
        return !error.retryable;
      });
    }
  });

  it('gives early requests the time limits of their load policies', async () => {
    const policyOf = (ms: number) => ({
      default: { maxTimeToFirstByteMs: 0, maxLoadTimeMs: ms, errorRetry: null, timeoutRetry: null },
    });
    const config = {
      manifestLoadPolicy: policyOf(1000),
      playlistLoadPolicy: policyOf(2000),
      fragLoadPolicy: policyOf(3000),
    };
    const limits: unknown[] = [];
    const page: Parameters<typeof sendAsPage>[0] = {
      options: { hlsConfig: config, cmcd: null, drm: null, playlistSigner: '' },
      source,
      send: (_authorizer, _request, { firstByteTimeoutMs, totalTimeoutMs }) => {
        limits.push([firstByteTimeoutMs, totalTimeoutMs]);
        return Promise.reject(new Error('enough'));
      },
    };
    const variant = { ...playlist, url: 'https://cdn.example/live/b.m3u8' };
    // hls.js gives the limits of its own requests.
    for (const request of [playlist, variant, segment, { ...segment, context: {} }])
      await assert.rejects(
        sendAsPage(page, authorizerWith('header'), request, { signal, totalTimeoutMs: 5 }),
      );
    assert.deepEqual(limits, [
      [Infinity, 1000],
      [Infinity, 2000],
      [Infinity, 3000],
      [undefined, 5],
    ]);
  });

  it('reads the older settings of hls.js', async () => {
    let options: unknown;
    const page: Parameters<typeof sendAsPage>[0] = {
      options: { hlsConfig: { manifestLoadingTimeOut: 60_000 }, cmcd: null, drm: null, playlistSigner: '' },
      source,
      send: (authorizer, request, given) => {
        options = given;
        return requestMedia(authorizer, request, {
          ...given,
          fetch: () => Promise.resolve(new Response('#EXTM3U\n')),
        });
      },
    };
    await sendAsPage(page, authorizerWith('none'), playlist, { signal });
    assert.deepEqual(options, { signal, firstByteTimeoutMs: 60_000, totalTimeoutMs: 60_000 });
  });
});
