import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  issuersByOrigin,
  type BootstrapOptions,
  type TokenIssuer,
} from '@gatecast/server';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const verifier = createTokenVerifier({ keys });

const MULTIVARIANT =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhigh.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nlow.m3u8\n';
const MEDIA =
  '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n#EXT-X-RENDITION-REPORT:URI="other.m3u8"\n';

function setUp(
  options: Partial<BootstrapOptions> = {},
  respond?: (url: URL) => Promise<Response> | Response,
  issuer: TokenIssuer = jwtIssuer({ keys }),
) {
  const asked: URL[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url);
    return respond ? respond(url) : new Response(url.pathname.endsWith('/demo.m3u8') ? MULTIVARIANT : MEDIA);
  };
  const handler = createTokenHandler({
    issuers: { playback: issuer },
    authorize: () => true,
    bootstrap: {
      playlistUrl: (stream) => `https://cdn.test/live/${stream}.m3u8`,
      upstreams: ['https://cdn.test/live/'],
      fetch,
      // Nothing is slow here, but the machine may be.
      budgetMs: 60_000,
      ...options,
    },
  });
  const ask = async (stream = 'demo', reason = 'initial') => {
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: [stream], reason }),
      }),
    );
    assert.equal(response.status, 200);
    return (await response.json()) as { tokens: object[]; playlists?: Record<string, string> };
  };
  return { ask, asked };
}

const base = 'https://cdn.test/live/';

describe('bootstrap', () => {
  it('sends a token that is for some origins to no other', async () => {
    const jwt = jwtIssuer({ keys });
    const elsewhere = issuersByOrigin({ 'https://other.test': jwt });
    const { ask, asked } = setUp({}, undefined, elsewhere);
    assert.equal((await ask()).playlists, undefined);
    assert.deepEqual(asked, []);

    const here = issuersByOrigin({ 'https://cdn.test': jwt });
    const upstreams = [base, 'https://other.test/'];
    const text = MULTIVARIANT.replace('low.m3u8', 'https://other.test/low.m3u8');
    const narrowed = setUp({ upstreams }, () => new Response(text), here);
    await narrowed.ask();
    assert.deepEqual([...new Set(narrowed.asked.map(({ host }) => host))], ['cdn.test']);
  });

  it('adds the unchanged multivariant and media playlists to the first token response, by URL without token', async () => {
    const { ask, asked } = setUp();
    assert.deepEqual((await ask()).playlists, {
      [`${base}demo.m3u8`]: MULTIVARIANT,
      [`${base}high.m3u8`]: MEDIA,
      [`${base}low.m3u8`]: MEDIA,
    });
    for (const url of asked) await verifier.verify(url.searchParams.get('token'), { stream: 'demo' });
  });

  it('adds no playlists to later responses', async () => {
    const { ask, asked } = setUp();
    assert.equal((await ask('demo', 'scheduled')).playlists, undefined);
    assert.equal(asked.length, 0);
  });

  it('does not share playlists with cacheMs: 0', async () => {
    const { ask, asked } = setUp({ cacheMs: 0 });
    await ask('high');
    await ask('high');
    assert.equal(asked.length, 2);
  });

  it('sends the token without playlists if the origin is slow, and does not wait during the pause', async () => {
    let nowMs = 0;
    const { ask, asked } = setUp({ budgetMs: 20, now: () => nowMs }, () => new Promise(() => undefined));
    const first = await ask();
    assert.equal(first.tokens.length, 1);
    assert.equal(first.playlists, undefined);
    assert.equal(asked.length, 1);
    nowMs += 5000;
    assert.equal((await ask('high')).tokens.length, 1);
    assert.equal(asked.length, 1, 'it asked the slow origin again');
    nowMs += 6000;
    await ask('high');
    assert.equal(asked.length, 2, 'it asked again after a while');
  });

  for (const [what, respond] of [
    ['fails', () => Promise.reject(new TypeError('fetch failed'))],
    ['refuses', () => new Response('', { status: 403 })],
    ['sends no playlist', () => new Response('<html>')],
    ['sends too much', () => new Response(`#EXTM3U\n${'#'.repeat(300_000)}`)],
    ['redirects', () => new Response(null, { status: 302, headers: { Location: 'elsewhere.m3u8' } })],
  ] as const) {
    it(`omits playlists when the origin ${what}`, async () => {
      const { ask } = setUp({}, respond);
      assert.equal((await ask()).playlists, undefined);
    });
  }

  it('sends the token without playlists if playlistUrl throws', async () => {
    const playlistUrl = (stream: string) => {
      if (stream === 'odd') throw new URIError('URI malformed');
      return `${base}${stream}.m3u8`;
    };
    const { ask } = setUp({ playlistUrl });
    const { tokens, playlists } = await ask('odd');
    assert.deepEqual([tokens.length, playlists], [1, undefined]);
    assert.ok((await ask('high')).playlists);
  });

  it('requests no URL outside the upstreams', async () => {
    const elsewhere = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttps://evil.test/live/a.m3u8\n';
    const { ask, asked } = setUp({}, () => new Response(elsewhere));
    await ask();
    assert.ok(asked.every((url) => url.origin === 'https://cdn.test'));
    const other = setUp({ playlistUrl: () => 'https://evil.test/a.m3u8' });
    await other.ask();
    assert.equal(other.asked.length, 0);
  });
});
