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
  type IssuedToken,
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
  const sent: Headers[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url);
    sent.push(new Headers(init?.headers));
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
  const ask = async (stream = 'demo', reason = 'initial', host = 'backend.test') => {
    const response = await handler(
      new Request(`https://${host}/`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: [stream], reason }),
      }),
    );
    assert.equal(response.status, 200);
    return (await response.json()) as { tokens: object[]; playlists?: Record<string, string> };
  };
  return { ask, asked, sent };
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

/** An issuer that returns always the same. */
const issuerOf = (issued: Omit<IssuedToken, 'expiresAt'>): TokenIssuer => ({
  issue: async () => ({ ...issued, expiresAt: Math.floor(Date.now() / 1000) + 60 }),
});
const keysOf = ({ playlists = {} }: { playlists?: Record<string, string> }) => Object.keys(playlists);
const all = ['demo.m3u8', 'high.m3u8', 'low.m3u8'];

describe('bootstrap with the fields of a CDN', () => {
  it('puts the fields of a query into each request, as they stand in an address', async () => {
    const { ask, asked } = setUp({}, undefined, issuerOf({ query: { Policy: 'a%2Fb', Signature: 'c~_-' } }));
    assert.deepEqual(
      keysOf(await ask()),
      all.map((file) => base + file),
    );
    assert.deepEqual(
      asked.map(({ href }) => href),
      all.map((file) => `${base}${file}?Policy=a%2Fb&Signature=c~_-`),
    );
  });

  it('keeps the values that the origin has written into a playlist', async () => {
    const written = MULTIVARIANT.replace('low.m3u8', 'low.m3u8?Signature=of-the-origin').replace(
      'high.m3u8',
      'high.m3u8?token=of-the-origin',
    );
    const { ask, asked } = setUp(
      {},
      (url) => new Response(url.pathname.endsWith('/demo.m3u8') ? written : MEDIA),
      issuerOf({ token: 'mine', query: { Policy: 'a', Signature: 'b' } }),
    );
    const keys = [
      `${base}demo.m3u8`,
      `${base}high.m3u8?token=of-the-origin`,
      `${base}low.m3u8?Signature=of-the-origin`,
    ];
    assert.deepEqual(keysOf(await ask()), keys);
    assert.deepEqual(
      asked.map(({ search }) => search),
      [
        '?token=mine&Policy=a&Signature=b',
        '?token=of-the-origin&Policy=a&Signature=b',
        '?Signature=of-the-origin&token=mine',
      ],
    );
  });

  it('sends the fields of a security object as the player does', async () => {
    const { ask, asked } = setUp(
      {},
      undefined,
      issuerOf({ security: { token: 't', expires: '9', tag: '' } }),
    );
    await ask('high');
    assert.deepEqual(
      asked.map(({ search }) => search),
      ['?token=t&expires=9'],
    );
  });

  it('sends headers, to each origin those of its own item only', async () => {
    const upstreams = [base, 'https://other.test/'];
    const text = MULTIVARIANT.replace('low.m3u8', 'https://other.test/low.m3u8');
    const issuer = issuersByOrigin({
      'https://cdn.test': issuerOf({ headers: { 'X-Token': 'one' } }),
      'https://other.test': issuerOf({ headers: { 'X-Other': 'two' } }),
    });
    const { ask, asked, sent } = setUp(
      { upstreams },
      (url) => new Response(url.pathname.endsWith('/demo.m3u8') ? text : MEDIA),
      issuer,
    );
    assert.equal(keysOf(await ask()).length, 3);
    assert.deepEqual(
      asked.map(({ host }, index) => [host, sent[index]?.get('X-Token'), sent[index]?.get('X-Other')]),
      [
        ['cdn.test', 'one', null],
        ['cdn.test', 'one', null],
        ['other.test', null, 'two'],
      ],
    );
  });

  for (const [what, path, sentPath] of [
    ['a prefix', '/token=abc/', '/token=abc/live/demo'],
    ['a segment', 'eyJhIjoxfQ.eyJhIjoxfQ.c2ln', '/live/eyJhIjoxfQ.eyJhIjoxfQ.c2ln'],
  ] as const) {
    it(`puts ${what} of the path in its place, and returns keys without it`, async () => {
      const playlistUrl = (stream: string) => `${base}${stream}/video.m3u8`;
      const { ask, asked } = setUp(
        { playlistUrl },
        (url) => new Response(url.pathname.endsWith('/video.m3u8') ? MULTIVARIANT : MEDIA),
        issuerOf({ path }),
      );
      const files = ['video.m3u8', 'high.m3u8', 'low.m3u8'];
      assert.deepEqual(
        keysOf(await ask()),
        files.map((file) => `${base}demo/${file}`),
      );
      assert.deepEqual(
        asked.map(({ pathname }) => pathname),
        files.map((file) => `${sentPath}/${file}`),
      );
    });
  }

  it('sends the cookies that the response sets, where a browser would send them', async () => {
    const cookie = (attributes: string) =>
      issuerOf({
        cookie: true,
        setCookies: ['a=1; Path=/live/; Secure', `b=2${attributes}`, 'c=3; Path=/elsewhere'],
      });
    for (const [attributes, host, expected] of [
      ['; Domain=.test', 'backend.test', 'b=2'],
      ['; Domain=.test; Path=/live', 'cdn.test', 'a=1; b=2'],
      ['; Domain=dn.test', 'backend.test', null],
      ['', 'backend.test', null],
      ['; Max-Age=0', 'cdn.test', 'a=1'],
    ] as const) {
      const { ask, sent } = setUp({}, undefined, cookie(attributes));
      const answer = await ask('high', 'initial', host);
      assert.equal(keysOf(answer).length, expected === null ? 0 : 1, attributes);
      assert.deepEqual(
        sent.map((headers) => headers.get('Cookie')),
        expected === null ? [] : [expected],
      );
    }
  });

  it('requests the signed address of an item, and returns it without what signs it', async () => {
    const signed = MULTIVARIANT.replaceAll('.m3u8', '.m3u8?sig=of-the-origin');
    const { ask, asked } = setUp(
      { playlistUrl: undefined },
      (url) => new Response(url.pathname.endsWith('/demo.m3u8') ? signed : MEDIA),
      issuerOf({ url: `${base}demo.m3u8?Expires=1&Signature=abc` }),
    );
    const children = ['high', 'low'].map((name) => `${base}${name}.m3u8?sig=of-the-origin`);
    assert.deepEqual(keysOf(await ask()), [`${base}demo.m3u8`, ...children]);
    assert.deepEqual(
      asked.map(({ href }) => href),
      [`${base}demo.m3u8?Expires=1&Signature=abc`, ...children],
    );
  });

  it('requests no signed address outside the upstreams', async () => {
    const issuer = issuerOf({ url: 'https://evil.test/live/demo.m3u8?sig=a' });
    const { ask, asked } = setUp({ playlistUrl: undefined }, undefined, issuer);
    assert.equal((await ask()).playlists, undefined);
    assert.deepEqual(asked, []);
  });

  it('requests variants and default renditions first', async () => {
    const media = (name: string, rest: string) =>
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="${name}",${rest}URI="${name}.m3u8"\n`;
    const renditions = media('de', 'DEFAULT=NO,') + media('en', 'DEFAULT=YES,') + media('fr', '');
    const trick = '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="trick.m3u8"\n';
    const text = MULTIVARIANT.replace('#EXTM3U\n', `#EXTM3U\n${trick}${renditions}`);
    const { ask } = setUp({}, (url) => new Response(url.pathname.endsWith('/demo.m3u8') ? text : MEDIA));
    const files = ['demo.m3u8', 'en.m3u8', 'high.m3u8', 'low.m3u8', 'de.m3u8'];
    assert.deepEqual(
      keysOf(await ask()),
      files.map((file) => base + file),
    );
  });
});
