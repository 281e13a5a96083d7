import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deferred } from '@gatecast/element';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  createRevocations,
  createTokenVerifier,
  generateSigningKey,
  jwtIssuer,
  memoryReceiverStore,
  type PlaylistSignerOptions,
} from '@gatecast/server';
import { cookieFor, grantFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);
const START_MS = 1_900_000_000_000;
const SECRET = 'r'.repeat(22);
const PLAYLIST = 'https://cdn.test/live/demo.m3u8';

const media = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', '#EXT-X-MEDIA-SEQUENCE:7', '#EXTINF:2,', 'demo/7.ts'];
const multivariant = ['#EXTM3U', '#EXT-X-STREAM-INF:BANDWIDTH=1', 'x/high.m3u8'];

/** A backend whose time the test sets, a page with a cookie, and a receiver without one. */
async function setUp(options: Partial<PlaylistSignerOptions> = {}, text = media) {
  const time = { nowMs: START_MS };
  const now = () => time.nowMs;
  const cookie = createPlaylistCookie({ keys, now });
  const signer = createPlaylistSigner({
    issuer: jwtIssuer({ keys, now }),
    cookie,
    upstreams: ['https://cdn.test/live/'],
    fetch: () => Promise.resolve(new Response(text.join('\n'))),
    receivers: { ttlSeconds: 90 },
    now,
    ...options,
  });
  /** What the token endpoint sets: it ends with the page’s token. */
  const pageCookie = (streams = ['demo'], user = 'ann', endMs = time.nowMs + 300_000) => {
    const grants = streams.map((stream) => grantFor(stream, { expiresAt: Math.floor(endMs / 1000) }));
    return cookieFor(cookie, grants, { user });
  };
  return {
    time,
    verifier: createTokenVerifier({ keys, now }),
    pageCookie,
    renew: async (body: Record<string, unknown> = {}, Cookie?: string) => {
      const headers = { 'Content-Type': 'application/json', Cookie: Cookie ?? (await pageCookie()) };
      const all = JSON.stringify({ receiver: SECRET, url: PLAYLIST, ...body });
      return signer(new Request('https://page.test/hls/sign', { method: 'POST', headers, body: all }));
    },
    receive: (url = PLAYLIST, secret = SECRET) => {
      const query = `url=${encodeURIComponent(url)}&receiver=${secret}`;
      return signer(new Request(`https://page.test/hls/sign?${query}`));
    },
    follow: (path: string) => signer(new Request(new URL(path, 'https://page.test/'))),
  };
}

const tokenIn = (text: string): string => /token=([\w.-]+)/.exec(text)?.[1] ?? '';

async function codeOf(response: Response): Promise<unknown> {
  assert.ok(response.status >= 400, `HTTP ${response.status}`);
  return ((await response.json()) as { code: unknown }).code;
}

describe('the address of a receiver', () => {
  it('plays without a cookie, for longer than the page’s token, while the page renews it', async () => {
    const { time, renew, receive, verifier } = await setUp();
    for (let round = 0; round < 5; round += 1) {
      const renewed = await renew();
      assert.deepEqual(await renewed.json(), {
        expiresAt: Math.floor(time.nowMs / 1000) + 90,
        serverTime: Math.floor(time.nowMs / 1000),
      });
      time.nowMs += 30_000;
      const response = await receive();
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('Access-Control-Allow-Origin'), '*');
      await verifier.verify(tokenIn(await response.text()), { stream: 'demo' });
    }
  });

  it('is unknown before the page opens it, and ends when the page does not renew it', async () => {
    const { time, renew, receive } = await setUp();
    assert.equal(await codeOf(await receive()), 'forbidden');
    await renew();
    assert.equal((await receive()).status, 200);
    time.nowMs += 90_000;
    assert.equal(await codeOf(await receive()), 'forbidden');
  });

  it('ends with the grant of the page at the latest, as do its tokens', async () => {
    const { time, renew, receive, follow, pageCookie, verifier } = await setUp({ ttlSeconds: 60 }, [
      ...media,
      '#EXT-X-ENDLIST',
    ]);
    const endMs = time.nowMs + 5000;
    const renewed = await renew({}, await pageCookie(['demo'], 'ann', endMs));
    assert.equal(((await renewed.json()) as { expiresAt: number }).expiresAt, endMs / 1000);
    const link = (await (await receive()).text()).split('\n').find((line) => line.startsWith('/hls')) ?? '';
    const { headers } = await follow(link);
    const { expiresAtMs } = await verifier.verify(tokenIn(headers.get('Location') ?? ''), { stream: 'demo' });
    assert.ok(expiresAtMs <= endMs);
    time.nowMs = endMs;
    assert.equal(await codeOf(await receive()), 'forbidden');
  });

  it('ends when the page ends it', async () => {
    const { renew, receive } = await setUp();
    await renew();
    assert.equal((await renew({ end: true })).status, 200);
    assert.equal(await codeOf(await receive()), 'forbidden');
  });

  it('stays ended when the page ended it while a renewal was on its way', async () => {
    const memory = memoryReceiverStore({ now: () => START_MS });
    const arrived = deferred<undefined>();
    const goOn = deferred<undefined>();
    let isHeld = true;
    const store = {
      ...memory,
      set: async (...entry: Parameters<typeof memory.set>) => {
        if (isHeld) {
          isHeld = false;
          arrived.resolve(undefined);
          await goOn.promise;
        }
        await memory.set(...entry);
      },
    };
    const { renew, receive } = await setUp({ receivers: { store } });
    const renewal = renew();
    await arrived.promise;
    assert.equal((await renew({ end: true })).status, 200);
    goOn.resolve(undefined);
    assert.equal(await codeOf(await renewal), 'forbidden');
    assert.equal(await codeOf(await receive()), 'forbidden');
    assert.equal(await codeOf(await renew()), 'forbidden');
  });

  it('ends after its longest time, however often it is renewed', async () => {
    const { time, renew, receive } = await setUp({ receivers: { ttlSeconds: 90, maxSeconds: 120 } });
    await renew();
    time.nowMs += 80_000;
    await renew();
    time.nowMs += 39_000;
    assert.equal((await receive()).status, 200);
    assert.equal((await renew()).status, 200);
    time.nowMs += 1000;
    // The page knows nothing of the end and goes on.
    for (let round = 0; round < 400; round += 1) {
      assert.equal(await codeOf(await renew()), 'forbidden');
      assert.equal(await codeOf(await receive()), 'forbidden');
      time.nowMs += 10_000;
    }
  });

  it('counts its longest time also while the page sleeps', async () => {
    const { time, renew } = await setUp({ receivers: { ttlSeconds: 90, maxSeconds: 600 } });
    await renew();
    time.nowMs += 590_000;
    const { expiresAt } = (await (await renew()).json()) as { expiresAt: number };
    assert.equal(expiresAt, START_MS / 1000 + 600);
  });

  it('tells a receiver of another origin why it is refused', async () => {
    const { receive } = await setUp();
    const response = await receive();
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), '*');
    assert.equal(await codeOf(response), 'forbidden');
  });

  it('plays no other stream, and no address outside the upstreams', async () => {
    const { renew, receive } = await setUp();
    await renew();
    assert.equal(await codeOf(await receive('https://cdn.test/live/other.m3u8')), 'forbidden');
    assert.equal(
      await codeOf(await receive('https://elsewhere.test/live/demo.m3u8')),
      'upstream-not-allowed',
    );
  });

  it('leads to the playlists that it names, which only work with it', async () => {
    const { renew, receive, follow } = await setUp({}, multivariant);
    await renew();
    const link = (await (await receive()).text()).split('\n').at(-1) ?? '';
    assert.match(link, /&receiver=r{22}$/);
    assert.equal((await follow(link)).status, 200);
    assert.equal(await codeOf(await follow(link.replace(/&receiver=.*/, ''))), 'playlist-cookie-missing');
  });

  it('redirects segments of a recording, and its tokens end with it', async () => {
    const { time, renew, receive, follow, verifier } = await setUp({}, [...media, '#EXT-X-ENDLIST']);
    await renew();
    const link = (await (await receive()).text()).split('\n').find((line) => line.startsWith('/hls')) ?? '';
    time.nowMs += 87_000;
    const response = await follow(link);
    assert.equal(response.status, 302);
    const { expiresAtMs } = await verifier.verify(tokenIn(response.headers.get('Location') ?? ''), {
      stream: 'demo',
    });
    assert.ok(expiresAtMs <= START_MS + 90_000);
  });

  for (const [what, target] of [
    ['the viewer', { user: 'ann' }],
    ['the stream', { stream: 'demo' }],
    ['the page’s own grant', { jti: 'id-demo' }],
  ] as const) {
    it(`ends when ${what} is revoked`, async () => {
      const revocations = createRevocations({ longestLifeSeconds: 300, now: () => START_MS });
      const { renew, receive } = await setUp({ revocations });
      await renew();
      assert.equal((await receive()).status, 200);
      await revocations.revoke(target);
      assert.equal(await codeOf(await receive()), 'revoked');
      assert.equal(await codeOf(await renew()), 'revoked');
      revocations.close();
    });
  }

  it('is opened by a page with access only, and renewed by its owner only', async () => {
    const { renew, pageCookie } = await setUp();
    assert.equal(await codeOf(await renew({}, '')), 'playlist-cookie-missing');
    assert.equal(await codeOf(await renew({}, await pageCookie(['other']))), 'forbidden');
    await renew();
    assert.equal(await codeOf(await renew({}, await pageCookie(['demo'], 'bob'))), 'forbidden');
    assert.equal(await codeOf(await renew({ end: true }, await pageCookie(['demo'], 'bob'))), 'forbidden');
  });

  it('has a secret that cannot be guessed', async () => {
    const { renew } = await setUp();
    for (const receiver of ['', 'short', 'r'.repeat(65), `${'r'.repeat(21)}/`, 7])
      assert.equal(await codeOf(await renew({ receiver })), 'request-invalid');
  });

  it('does not play while the store is down, and nothing readable is stored', async () => {
    const seen: string[] = [];
    const memory = memoryReceiverStore({ now: () => START_MS });
    let isDown = false;
    const store = {
      ...memory,
      get: (name: string) => (isDown ? Promise.reject(new Error('down')) : memory.get(name)),
      set: (name: string, value: string, ttlMs: number) => {
        seen.push(name, value);
        return memory.set(name, value, ttlMs);
      },
    };
    const { renew, receive } = await setUp({ receivers: { store }, whenStoreDown: 'open' });
    await renew();
    assert.ok(seen.length > 0 && !seen.join().includes(SECRET));
    isDown = true;
    assert.equal(await codeOf(await receive()), 'store-unavailable');
  });

  it('does not exist without the option', async () => {
    const { renew, receive } = await setUp({ receivers: undefined });
    assert.equal(await codeOf(await renew()), 'method-not-allowed');
    assert.equal(await codeOf(await receive()), 'forbidden');
  });

  it('has an own id in its tokens, which is not that of the page', async () => {
    const revocations = createRevocations({ longestLifeSeconds: 300, now: () => START_MS });
    const { renew, receive } = await setUp({ revocations });
    await renew();
    const [, payload = ''] = tokenIn(await (await receive()).text()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    assert.equal(typeof claims['jti'], 'string');
    assert.notEqual(claims['jti'], 'id-demo');
    revocations.close();
  });
});

describe('the options of receivers', () => {
  it('are refused outside their limits', async () => {
    for (const receivers of [{ ttlSeconds: 89 }, { ttlSeconds: 4000 }, { ttlSeconds: 90, maxSeconds: 30 }])
      await assert.rejects(setUp({ receivers }), TypeError);
  });
});
