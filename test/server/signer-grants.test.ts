import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createTokenVerifier,
  denyList,
  generateSigningKey,
  jwtIssuer,
  memoryUsageStore,
  type IssuedGrant,
  type PlaylistSignerOptions,
  type TokenIssuer,
} from '@gatecast/server';
import { memoryRateLimiter } from '@gatecast/server/node';
import { cookieFor, grantFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k1' });
const keys = createKeySet([key]);
const START_MS = 1_700_000_000_000;

const RECORDING = [
  '#EXTM3U',
  '#EXT-X-TARGETDURATION:6',
  '#EXT-X-KEY:METHOD=AES-128,URI="a.key"',
  '#EXT-X-MAP:URI="init.mp4"',
  '#EXTINF:6,',
  'a.m4s?x=1',
  '#EXTINF:6,',
  'https://elsewhere.test/b.m4s',
  '#EXT-X-ENDLIST',
];
const live = (targetSeconds: number) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:${targetSeconds}\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2,\na.m4s\n`;

interface Setup extends Partial<PlaylistSignerOptions> {
  readonly text?: string;
  readonly grant?: Partial<IssuedGrant>;
  readonly user?: string;
}

/** A signer with a clock of the test, and the cookie of a player that may watch `demo` for 30 s. */
async function setUp({ text = live(2), grant, user, ...options }: Setup = {}) {
  const clock = { nowMs: START_MS };
  const now = () => clock.nowMs;
  const asked: URL[] = [];
  const cookie = createPlaylistCookie({ keys, now });
  const signer = createPlaylistSigner({
    issuer: jwtIssuer({ keys, now, include: ['jti'] }),
    cookie,
    upstreams: ['https://cdn.test/live/'],
    fetch: async (input) => {
      asked.push(new URL(input instanceof Request ? input.url : input));
      return new Response(text);
    },
    now,
    ...options,
  });
  const granted = grantFor('demo', { expiresAt: START_MS / 1000 + 30, ...grant }, START_MS);
  const change = { user };
  const state = { Cookie: await cookieFor(cookie, [granted], change) };
  const renew = async () => {
    const expiresAt = clock.nowMs / 1000 + 30;
    state.Cookie = await cookieFor(cookie, [{ ...granted, expiresAt }], change);
  };
  const open = (path: string, clientAddress: string | null = '192.0.2.1') =>
    signer(new Request(`https://page.test${path}`, { headers: state }), {
      clientAddress: clientAddress ?? undefined,
    });
  const playlist = () => open(`/hls/sign?url=${encodeURIComponent('https://cdn.test/live/demo.m3u8')}`);
  const verify = (url: string | URL) =>
    createTokenVerifier({ keys, now }).verify(new URL(url).searchParams.get('token'), { stream: 'demo' });
  return { clock, asked, open, playlist, verify, renew, endMs: granted.expiresAt * 1000 };
}

/** The URLs in a playlist. */
function urlsIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const url = line.startsWith('#') ? /URI="([^"]*)"/.exec(line)?.[1] : line;
    return url === undefined || url === '' ? [] : [url];
  });
}

async function problemOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

describe('the tokens of the playlist signer', () => {
  it('are in no URL of a recording: these lead to the signer, which redirects with a short token', async () => {
    const { playlist, open, verify, clock, renew } = await setUp({ text: RECORDING.join('\n') });
    const text = await (await playlist()).text();
    const link = (file: string) =>
      `/hls/sign?url=${encodeURIComponent(`https://cdn.test/live/${file}`)}&stream=demo&kind=media`;
    assert.deepEqual(urlsIn(text), [
      link('a.key'),
      link('init.mp4'),
      link('a.m4s?x=1'),
      'https://elsewhere.test/b.m4s',
    ]);
    assert.ok(!text.includes('token='), 'the playlist has a token');
    // Far beyond the first grant: a page that plays renews its cookie.
    for (let round = 0; round < 100; round += 1) {
      const response = await open(link('a.m4s?x=1'));
      assert.equal(response.status, 302);
      assert.equal(response.headers.get('Cache-Control'), 'no-store');
      const location = response.headers.get('Location') ?? '';
      assert.ok(location.startsWith('https://cdn.test/live/a.m4s?x=1&token='), 'it leads elsewhere');
      const { expiresAtMs } = await verify(location);
      assert.ok(expiresAtMs > clock.nowMs && expiresAtMs <= clock.nowMs + 6000);
      clock.nowMs += 20_000;
      await renew();
    }
  });

  for (const [what, text] of [
    ['a recording', RECORDING.join('\n')],
    ['a live stream', live(2)],
    ['a live stream with EXT-X-TARGETDURATION:14400', live(14_400)],
    [
      'a live stream with EXT-X-TARGETDURATION:1e300',
      `#EXTM3U\n#EXT-X-TARGETDURATION:1e300\n#EXTINF:1,\na.m4s`,
    ],
  ] as const) {
    it(`of ${what} never end after the grant`, async () => {
      const { playlist, open, verify, asked, clock, endMs } = await setUp({ text, ttlSeconds: 3600 });
      let checked = 0;
      for (const atMs of [0, 1000, 15_500, 24_000, 28_000, 29_900]) {
        clock.nowMs = START_MS + atMs;
        for (const url of urlsIn(await (await playlist()).text())) {
          const target = url.startsWith('/') ? (await open(url)).headers.get('Location') : url;
          if (target?.includes('elsewhere.test') ?? true) continue;
          assert.ok(
            (await verify(target ?? '')).expiresAtMs <= endMs,
            `a token outlives the grant at ${atMs}`,
          );
          checked += 1;
        }
        for (const url of asked) assert.ok((await verify(url)).expiresAtMs <= endMs);
        asked.length = 0;
      }
      assert.ok(checked >= 6);
      clock.nowMs = endMs + 1;
      assert.deepEqual(await problemOf(await playlist()), [403, 'playlist-cookie-invalid']);
      assert.deepEqual(
        await problemOf(await open('/hls/sign?kind=media&stream=demo&url=https%3A%2F%2Fcdn.test%2Flive%2Fa')),
        [403, 'playlist-cookie-invalid'],
      );
    });
  }

  it('are in the URLs of a live stream as long as the grant outlives them', async () => {
    const { playlist, clock } = await setUp();
    const kinds = async () => urlsIn(await (await playlist()).text()).map((url) => url.slice(0, 5));
    assert.deepEqual(await kinds(), ['https', 'https']);
    clock.nowMs += 24_000;
    assert.deepEqual(await kinds(), ['https', 'https']);
    clock.nowMs += 500;
    assert.deepEqual(await kinds(), ['/hls/', '/hls/']);
  });

  it('have the claims and the id of the grant', async () => {
    const claims = { plan: 'basic', nested: { a: [1] } };
    const { playlist, verify, asked } = await setUp({ grant: { claims, id: 'id-7' } });
    const urls = urlsIn(await (await playlist()).text());
    for (const url of [...urls, ...asked]) {
      const verified = await verify(url);
      assert.deepEqual(
        [verified.claims['plan'], verified.claims['nested'], verified.claims.jti],
        ['basic', { a: [1] }, 'id-7'],
      );
    }
  });

  it('are not shared between grants that differ in claims, id, user or end', async () => {
    const now = () => START_MS;
    const issued: object[] = [];
    const signed = jwtIssuer({ keys, now });
    const issuer: TokenIssuer = {
      issue(request) {
        issued.push(request.grant);
        return signed.issue(request);
      },
    };
    const cookie = createPlaylistCookie({ keys, now });
    const signer = createPlaylistSigner({ issuer, cookie, upstreams: ['https://cdn.test/'], now });
    const media = '/hls/sign?kind=media&stream=demo&url=https%3A%2F%2Fcdn.test%2Fa.m4s';
    const ask = async (part: Partial<IssuedGrant>, user: string) => {
      const Cookie = await cookieFor(cookie, [grantFor('demo', part, START_MS)], { user });
      assert.equal(
        (await signer(new Request(`https://page.test${media}`, { headers: { Cookie } }))).status,
        302,
      );
      return issued.length;
    };
    assert.equal(await ask({}, 'u1'), 1);
    assert.equal(await ask({}, 'u1'), 1, 'an equal grant did not share');
    assert.equal(await ask({ claims: { plan: 'basic' } }, 'u1'), 2);
    assert.equal(await ask({ id: 'other' }, 'u1'), 3);
    assert.equal(await ask({}, 'u2'), 4);
    assert.equal(await ask({ restrictions: { tag: 'x' } }, 'u1'), 5);
    assert.equal(await ask({ expiresAt: START_MS / 1000 + 3 }, 'u1'), 6);
  });

  it('are refused if the issuer makes them longer than the grant', async () => {
    const signed = jwtIssuer({ keys, now: () => START_MS });
    const generous: TokenIssuer = {
      issue: (request) => signed.issue({ ...request, grant: { ttlSeconds: 3600 } }),
    };
    const { playlist } = await setUp({ issuer: generous });
    assert.equal((await problemOf(await playlist()))[1], 'grant-exceeded');
  });

  it('are not issued after the grant was revoked', async () => {
    const store = memoryUsageStore({ now: () => START_MS });
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const isRevoked = denyList(store, { policy: 'closed', logger });
    const { playlist, open } = await setUp({ text: RECORDING.join('\n'), isRevoked, grant: { id: 'id-7' } });
    const [segment = ''] = urlsIn(await (await playlist()).text()).slice(2);
    assert.equal((await open(segment)).status, 302);
    await store.revoke('id-7', START_MS + 60_000);
    assert.deepEqual(await problemOf(await open(segment)), [403, 'token-revoked']);
    assert.deepEqual(await problemOf(await playlist()), [403, 'token-revoked']);
  });

  for (const [what, url, stream] of [
    ['a stream that the cookie does not contain', 'https://cdn.test/live/a.m4s', 'premium'],
    ['no stream', 'https://cdn.test/live/a.m4s', null],
    ['an address that is not listed', 'https://evil.test/live/a.m4s', 'demo'],
    ['a hidden way out of the folder', 'https://cdn.test/live/..%3b/a.m4s', 'demo'],
  ] as const) {
    it(`are not sent to ${what} by a redirect`, async () => {
      const { open } = await setUp();
      const query = `url=${encodeURIComponent(url)}${stream === null ? '' : `&stream=${stream}`}`;
      const response = await open(`/hls/sign?kind=media&${query}`);
      assert.equal(response.status, 403);
      assert.equal(response.headers.get('Location'), null);
    });
  }
});

describe('the rate limits of the playlist signer', () => {
  const rate = { perMinute: 5, burst: 0 };
  const media = '/hls/sign?kind=media&stream=demo&url=https%3A%2F%2Fcdn.test%2Flive%2Fa.m4s';

  it('count playlists and redirects of a user, and answer 429 with Retry-After', async () => {
    const { playlist, open } = await setUp({ limits: { user: memoryRateLimiter(rate) }, user: 'u1' });
    for (let count = 0; count < 3; count += 1) assert.equal((await open(media)).status, 302);
    for (let count = 0; count < 2; count += 1) assert.equal((await playlist()).status, 200);
    for (const refused of [await open(media), await playlist()]) {
      assert.ok(Number(refused.headers.get('Retry-After')) > 0);
      assert.deepEqual(await problemOf(refused), [429, 'rate-limited']);
    }
  });

  it('are logged once as not enforced, if the handler gets no client address', async () => {
    const warnings: string[] = [];
    const drop = () => undefined;
    const logger = {
      debug: drop,
      info: drop,
      error: drop,
      warn: (_: unknown, text: string) => void warnings.push(text),
    };
    const { playlist, open } = await setUp({ limits: { address: memoryRateLimiter(rate) }, logger });
    await playlist();
    assert.deepEqual(warnings, []);
    for (let count = 0; count < 2; count += 1) await open('/hls/sign', null);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /clientAddress/);
  });

  it('count the requests of a client address, also without a cookie', async () => {
    const { open } = await setUp({ limits: { address: memoryRateLimiter(rate) } });
    for (let count = 0; count < 5; count += 1) assert.equal((await open('/hls/sign')).status, 403);
    assert.equal((await open(media)).status, 429);
    assert.equal((await open(media, '192.0.2.2')).status, 302);
  });

  it('follow whenStoreDown while the store is down', async () => {
    const broken = { take: () => Promise.reject(new Error('down')) };
    const closed = await setUp({ limits: { user: broken }, user: 'u1' });
    assert.deepEqual(await problemOf(await closed.open(media)), [503, 'store-unavailable']);
    const open = await setUp({ limits: { user: broken }, user: 'u1', whenStoreDown: 'open' });
    assert.equal((await open.open(media)).status, 302);
  });
});
