import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  type PlaylistSignerOptions,
} from '@gatecast/server';
import { cookieFor, grantFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);
const verifier = createTokenVerifier({ keys });
const playlistCookie = createPlaylistCookie({ keys });
const issuer = jwtIssuer({ keys });

const MEDIA = [
  '#EXTM3U',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-DEFINE:NAME="shard",VALUE="s1"',
  '#EXT-X-KEY:METHOD=AES-128,URI="keys/a.key?v=1",IV=0x1',
  '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key-id",KEYFORMAT="com.apple.streamingkeydelivery"',
  '#EXT-X-MAP:URI="init.mp4",BYTERANGE="10@0"',
  '#EXTINF:2,',
  'seg1.m4s',
  '#EXTINF:2,',
  '/live/seg2.m4s?sig=a%2Bb&token=stale#part',
  '#EXTINF:2,',
  'https://elsewhere.test/seg3.m4s',
  '#EXTINF:2,',
  '{$shard}/seg4.m4s',
  '#EXT-X-PART:DURATION=0.3,URI="part1.m4s",INDEPENDENT=YES',
  '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part2.m4s"',
  '#EXT-X-RENDITION-REPORT:URI="../live/other.m3u8",LAST-MSN=3',
  '#EXT-X-DATERANGE:ID="x",X-ASSET-URI="ad.m3u8"',
  '# a comment with URI="seg1.m4s"',
];

const MULTIVARIANT = [
  '#EXTM3U',
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x, y",URI="audio.m3u8"',
  '#EXT-X-SESSION-KEY:METHOD=AES-128,URI="a.key"',
  '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="iframes.m3u8"',
  '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
  '',
  '#EXT-X-COMMENT',
  'high.m3u8?x=1',
];

type Upstream = (url: URL, init: RequestInit) => Response | Promise<Response>;

function playlist(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'application/vnd.apple.mpegurl' } });
}

/** A signer before an upstream of ours, and the cookie of a player that may watch `demo`. */
async function setUp(upstream: Upstream, options: Partial<PlaylistSignerOptions> = {}) {
  const asked: URL[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url);
    return upstream(url, init);
  };
  const signer = createPlaylistSigner({
    issuer,
    cookie: playlistCookie,
    upstreams: ['https://cdn.test/live/'],
    fetch,
    ...options,
  });
  const Cookie = await cookieFor(playlistCookie, ['demo']);
  const get = (url: string, extra = '', headers: Record<string, string> = { Cookie }) =>
    signer(new Request(`https://page.test/hls/sign?url=${encodeURIComponent(url)}${extra}`, { headers }));
  return { asked, get };
}

function tokenIn(address: string): string | null {
  return new URL(address, 'https://page.test/').searchParams.get('token');
}

function masked(text: string): string[] {
  return text.split('\n').map((line) => line.replaceAll(/eyJ[\w.-]+/g, '<token>'));
}

describe('createPlaylistSigner', () => {
  for (const [form, end, mark] of [
    ['LF', '\n', ''],
    ['CRLF and a BOM', '\r\n', '\uFEFF'],
  ] as const) {
    it(`signs every URL of a media playlist with ${form}`, async () => {
      const { get } = await setUp(() => playlist(mark + MEDIA.join(end)));
      const response = await get('https://cdn.test/live/demo.m3u8');
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      assert.deepEqual(masked(await response.text()), [
        ...MEDIA.slice(0, 3),
        '#EXT-X-KEY:METHOD=AES-128,URI="https://cdn.test/live/keys/a.key?v=1&token=<token>",IV=0x1',
        MEDIA[4],
        '#EXT-X-MAP:URI="https://cdn.test/live/init.mp4?token=<token>",BYTERANGE="10@0"',
        '#EXTINF:2,',
        'https://cdn.test/live/seg1.m4s?token=<token>',
        '#EXTINF:2,',
        'https://cdn.test/live/seg2.m4s?sig=a%2Bb&token=<token>',
        '#EXTINF:2,',
        'https://elsewhere.test/seg3.m4s',
        '#EXTINF:2,',
        'https://cdn.test/live/s1/seg4.m4s?token=<token>',
        '#EXT-X-PART:DURATION=0.3,URI="https://cdn.test/live/part1.m4s?token=<token>",INDEPENDENT=YES',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="https://cdn.test/live/part2.m4s?token=<token>"',
        '#EXT-X-RENDITION-REPORT:URI="/hls/sign?url=https%3A%2F%2Fcdn.test%2Flive%2Fother.m3u8&stream=demo&proof=<token>",LAST-MSN=3',
        ...MEDIA.slice(-2),
      ]);
    });
  }

  it('replaces the playlists of a multivariant playlist with URLs of the signer, with their stream', async () => {
    const { get } = await setUp(() => playlist(MULTIVARIANT.join('\n')));
    const response = await get('https://cdn.test/live/demo.m3u8');
    const child = (name: string) =>
      `/hls/sign?url=${encodeURIComponent(`https://cdn.test/live/${name}`)}&stream=demo`;
    const proven = (name: string) => `${child(name)}&proof=<token>`;
    assert.deepEqual(masked(await response.text()), [
      '#EXTM3U',
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x, y",URI="${proven('audio.m3u8')}"`,
      `#EXT-X-SESSION-KEY:METHOD=AES-128,URI="${child('a.key')}&kind=media"`,
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="${proven('iframes.m3u8')}"`,
      ...MULTIVARIANT.slice(4, 7),
      proven('high.m3u8?x=1'),
    ]);
  });

  it('signs segments for three target durations and keeps the init URL between reloads', async () => {
    let nowMs = 1_700_000_000_000;
    const now = () => nowMs;
    const timed = createPlaylistCookie({ keys, now });
    const { get } = await setUp(() => playlist(MEDIA.join('\n')), {
      issuer: jwtIssuer({ keys, now }),
      cookie: timed,
      now,
    });
    const Cookie = await cookieFor(timed, [grantFor('demo', {}, nowMs)]);
    const reload = async () => {
      const lines = (await (await get('https://cdn.test/live/demo.m3u8', '', { Cookie })).text()).split('\n');
      const init = /URI="([^"]+)"/.exec(lines[5] ?? '')?.[1] ?? '';
      return { init, segment: lines[7] ?? '' };
    };
    const first = await reload();
    const checked = await createTokenVerifier({ keys, now }).verify(tokenIn(first.segment), {
      stream: 'demo',
    });
    assert.equal(checked.expiresAtMs - nowMs, 6000);
    nowMs += 4000;
    const second = await reload();
    assert.ok(second.init === first.init, 'the init address changed');
    assert.ok(second.segment !== first.segment, 'the segment address kept its old token');
    nowMs += 4000;
    assert.ok((await reload()).init !== first.init, 'the init address outlived half of its token');
  });

  it('requests the upstream with a valid token and forwards delivery directives', async () => {
    const { get, asked } = await setUp(() => playlist('#EXTM3U\n'));
    await get('https://cdn.test/live/demo.m3u8?a=%2B', '&_HLS_msn=4&_HLS_part=1&other=2');
    const [url] = asked;
    assert.ok(url);
    assert.match(url.search, /^\?a=%2B&_HLS_msn=4&_HLS_part=1&token=/);
    await verifier.verify(url.searchParams.get('token'), { stream: 'demo' });
  });

  it('writes a token as raw as a query allows, for upstreams that do not decode it', async () => {
    const token = 'st=1~exp=9~acl=/live/*~hmac=0a+&#"{$x}';
    const raw = '?token=st=1~exp=9~acl=/live/*~hmac=0a%2B%26%23%22%7B$x%7D';
    const { get, asked } = await setUp(() => playlist('#EXTM3U\n#EXTINF:1,\na.ts'), {
      issuer: {
        issue: async ({ grant }) => ({
          token,
          expiresAt: Math.floor(Date.now() / 1000) + (grant.ttlSeconds ?? 1),
        }),
      },
    });
    const text = await (await get('https://cdn.test/live/demo.m3u8')).text();
    assert.equal(asked[0]?.search, raw);
    assert.equal(text.split('\n')[2], `https://cdn.test/live/a.ts${raw}`);
  });

  it('follows redirects within the upstreams, signs each hop and resolves URIs against the last URL', async () => {
    const { get, asked } = await setUp((url) =>
      url.pathname === '/live/demo.m3u8'
        ? new Response(null, { status: 302, headers: { Location: 'edge/real.m3u8' } })
        : playlist('#EXTM3U\n#EXTINF:1,\na.ts'),
    );
    const text = await (await get('https://cdn.test/live/demo.m3u8')).text();
    assert.match(text, /https:\/\/cdn\.test\/live\/edge\/a\.ts\?token=/);
    assert.ok(asked.every((url) => url.searchParams.has('token')));
  });

  for (const [what, url, upstream, code, status] of [
    ['an address that is not listed', 'https://evil.test/demo.m3u8', null, 'upstream-not-allowed', 403],
    ['a folder that is not listed', 'https://cdn.test/private/demo.m3u8', null, 'upstream-not-allowed', 403],
    [
      'a way out of the folder',
      'https://cdn.test/live/../private/demo.m3u8',
      null,
      'upstream-not-allowed',
      403,
    ],
    ['a hidden way out', 'https://cdn.test/live/..%2fprivate/demo.m3u8', null, 'upstream-not-allowed', 403],
    ['one hidden twice', 'https://cdn.test/live/..%252fprivate/a.m3u8', null, 'upstream-not-allowed', 403],
    ['dots with parameters', 'https://cdn.test/live/..;/private/a.m3u8', null, 'upstream-not-allowed', 403],
    ['user info', 'https://a:b@cdn.test/live/demo.m3u8', null, 'upstream-not-allowed', 403],
    ['a file address', 'file:///etc/passwd', null, 'upstream-not-allowed', 403],
    ['a relative address', 'demo.m3u8', null, 'upstream-not-allowed', 403],
    [
      'a stream that the cookie does not contain',
      'https://cdn.test/live/secret.m3u8',
      null,
      'forbidden',
      403,
    ],
    ['a broken file name', 'https://cdn.test/live/%E0%A4%A.m3u8', null, 'request-invalid', 400],
    ['an upstream that sends no playlist', null, () => new Response('root:x:0'), 'playlist-invalid', 502],
    ['an upstream that refuses', null, () => new Response('', { status: 403 }), 'upstream-refused', 403],
    [
      'a playlist that is not there',
      null,
      () => new Response('', { status: 404 }),
      'upstream-not-found',
      404,
    ],
    [
      'an upstream that fails with 500',
      null,
      () => new Response('', { status: 500 }),
      'upstream-failed',
      502,
    ],
    [
      'an upstream out of reach',
      null,
      () => Promise.reject(new TypeError('fetch failed')),
      'upstream-failed',
      502,
    ],
    [
      'a playlist out of bounds',
      null,
      () => playlist(`#EXTM3U\n${'#'.repeat(3000)}`),
      'playlist-too-large',
      502,
    ],
    [
      'a variable from elsewhere',
      null,
      () => playlist('#EXTM3U\n#EXTINF:1,\n{$x}.ts'),
      'playlist-unsupported',
      502,
    ],
    [
      'a redirect out of the list',
      null,
      () => new Response(null, { status: 302, headers: { Location: 'http://169.254.169.254/' } }),
      'upstream-not-allowed',
      403,
    ],
    [
      'a circle of redirects',
      null,
      () => new Response(null, { status: 302, headers: { Location: 'demo.m3u8' } }),
      'upstream-failed',
      502,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { get, asked } = await setUp(upstream ?? (() => playlist('#EXTM3U')), { maxBytes: 2000 });
      const response = await get(url ?? 'https://cdn.test/live/demo.m3u8');
      assert.equal(response.status, status);
      assert.equal(((await response.json()) as { code: string }).code, code);
      assert.ok(asked.every((address) => address.href.startsWith('https://cdn.test/live/')));
      if (upstream === null) assert.equal(asked.length, 0);
    });
  }

  it('responds with upstream-timeout if the upstream is slow', async () => {
    const never: Upstream = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const { get } = await setUp(never, { timeoutMs: 20 });
    const keepAlive = setTimeout(() => {}, 5000);
    assert.equal((await get('https://cdn.test/live/demo.m3u8')).status, 504);
    clearTimeout(keepAlive);
  });

  it('responds with 401 without a cookie and 403 with a forged or expired one', async () => {
    const { get } = await setUp(() => playlist('#EXTM3U'));
    assert.equal((await get('https://cdn.test/live/demo.m3u8', '', {})).status, 401);
    const forged = await generateSigningKey({ kid: 'k1', alg: 'ES256' });
    const mallory = createPlaylistCookie({ keys: createKeySet([forged.key]) });
    const late = createPlaylistCookie({ keys, now: () => Date.now() - 400_000 });
    for (const maker of [mallory, late]) {
      const Cookie = await cookieFor(maker, ['demo']);
      assert.equal((await get('https://cdn.test/live/demo.m3u8', '', { Cookie })).status, 403);
    }
  });

  it('refuses a media token as playlist cookie', async () => {
    const { get } = await setUp(() => playlist('#EXTM3U'));
    const { token = '' } = await issuer.issue({ purpose: 'playback', stream: 'demo', grant: {} });
    const response = await get('https://cdn.test/live/demo.m3u8', '', {
      Cookie: `__Host-gatecast_playlists=${token}`,
    });
    assert.equal(response.status, 403);
  });
});

describe('createPlaylistSigner with unsafe options', () => {
  it('does not show the password of an invalid upstream', () => {
    assert.throws(
      () =>
        createPlaylistSigner({
          issuer,
          cookie: playlistCookie,
          upstreams: ['https://me:sentinel-password@cdn.test/'],
        }),
      (error: Error) => error instanceof TypeError && !error.message.includes('sentinel'),
    );
  });

  it('creates no URLs of another host for a path that begins with two slashes', async () => {
    const signer = createPlaylistSigner({
      issuer,
      cookie: playlistCookie,
      upstreams: ['https://cdn.test/live/'],
      fetch: async () => playlist(MULTIVARIANT.join('\n')),
    });
    const Cookie = await cookieFor(playlistCookie, ['demo']);
    const url = encodeURIComponent('https://cdn.test/live/demo.m3u8');
    const response = await signer(
      new Request(`https://page.test//evil.test/sign?url=${url}`, { headers: { Cookie } }),
    );
    assert.doesNotMatch(await response.text(), /(?:"|\n)\/\//);
  });
});
