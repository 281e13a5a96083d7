import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type TokenIssuer,
} from '@gatecast/server';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const MULTIVARIANT =
  '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhigh.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nlow.m3u8\n';

interface Viewer {
  readonly user?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * A token endpoint whose first response has playlists.
 *
 * @param write - writes a playlist for a request's token.
 */
function setUp(
  write: (url: URL, token: string) => string | Promise<string>,
  cacheMs = 1000,
  issuer: TokenIssuer = jwtIssuer({ keys }),
) {
  const clock = { nowMs: Date.now() };
  const asked: URL[] = [];
  const handler = createTokenHandler({
    issuers: { playback: issuer },
    authorize: (request) => JSON.parse(request.headers.get('X-Viewer') ?? '{}') as Viewer,
    bootstrap: {
      playlistUrl: (stream) => `https://cdn.test/live/${stream}.m3u8`,
      upstreams: ['https://cdn.test/live/'],
      fetch: async (input) => {
        const url = new URL(input instanceof Request ? input.url : input);
        asked.push(url);
        return new Response(await write(url, url.searchParams.get('token') ?? ''));
      },
      // Nothing is slow here, but the machine may be.
      budgetMs: 60_000,
      cacheMs,
      now: () => clock.nowMs,
    },
  });
  /** The playlists of a viewer's first response, and the viewer's token. */
  const ask = async (who: Viewer, stream = 'demo') => {
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Viewer': JSON.stringify(who) },
        body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
      }),
    );
    const { tokens, playlists = {} } = (await response.json()) as {
      tokens: { token: string }[];
      playlists?: Record<string, string>;
    };
    return { token: tokens[0]?.token ?? '', text: Object.values(playlists).join('\n') };
  };
  const crowd = (count: number, part: Viewer = {}) =>
    Promise.all(Array.from({ length: count }, (_, index) => ask({ user: `u${index}`, ...part })));
  return { ask, crowd, asked, clock };
}

const same = (url: URL) =>
  url.pathname.endsWith('/demo.m3u8') ? MULTIVARIANT : '#EXTM3U\n#EXTINF:2,\na.ts\n';
const mark = (token: string) => token.slice(-12);

describe('playlists of the first response', () => {
  it('are fetched for two users and then shared, if both are equal', async () => {
    const { crowd, asked, clock } = setUp(same);
    const answers = await crowd(20);
    assert.ok(answers.every(({ text }) => text === answers[0]?.text && text.includes('high.m3u8')));
    assert.equal(asked.length, 2 * 3);
    clock.nowMs += 999;
    await crowd(20);
    assert.equal(asked.length, 2 * 3);
    clock.nowMs += 1;
    await crowd(20);
    assert.equal(asked.length, 4 * 3);
  });

  for (const [what, write] of [
    ['differ by user', (_: URL, token: string) => `#EXTM3U\n#EXTINF:2,\n${mark(token)}.ts`],
    ['contain the token', (_: URL, token: string) => `#EXTM3U\n#EXTINF:2,\na.ts?token=${token}`],
    [
      'differ in a child only',
      (url: URL, token: string) =>
        url.pathname.endsWith('/demo.m3u8') ? MULTIVARIANT : `#EXTM3U\n#EXTINF:2,\n${mark(token)}.ts`,
    ],
    [
      'name children by user',
      (url: URL, token: string) =>
        url.pathname.endsWith('/demo.m3u8')
          ? `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${mark(token)}/high.m3u8`
          : '#EXTM3U\n',
    ],
  ] as const) {
    it(`are not shared if they ${what}`, async () => {
      const { crowd, ask } = setUp(write);
      for (let round = 0; round < 3; round += 1) {
        const answers = await crowd(10);
        for (const { token, text } of answers) {
          assert.ok(text.includes(mark(token)), 'a viewer got no playlist of its own');
          assert.ok(!answers.some((other) => other.token !== token && text.includes(mark(other.token))));
        }
      }
      const { token, text } = await ask({ user: 'late' });
      assert.ok(text.includes(mark(token)));
    });
  }

  it('are not shared if they contain a field that authorizes a request, or come from a signed address', async () => {
    const signature = 'nitfHRCrtziwO2HwPfWw';
    const issuerOf = (part: object): TokenIssuer => ({
      issue: async () => ({ ...part, expiresAt: Math.floor(Date.now() / 1000) + 60 }),
    });
    const query = { Signature: signature };
    const url = `https://cdn.test/live/high.m3u8?sig=${signature}`;
    for (const [part, text, count] of [
      [{ query }, 'a.ts', 2],
      [{ query }, `a.ts?Signature=${signature}`, 6],
      [{ headers: { 'X-Token': signature } }, `a.ts?x=${signature}`, 6],
      [{ url }, 'a.ts', 6],
    ] as const) {
      const { ask, asked } = setUp(() => `#EXTM3U\n#EXTINF:2,\n${text}`, 1000, issuerOf(part));
      for (let user = 0; user < 6; user += 1) await ask({ user: `u${user}` }, 'high');
      assert.equal(asked.length, count, JSON.stringify(part));
    }
  });

  it('are not shared between two tokens of the same user, or without a user', async () => {
    const { ask, asked } = setUp(same);
    for (let count = 1; count <= 3; count += 1) {
      await ask({ user: 'u1' }, 'high');
      assert.equal(asked.length, count);
    }
    const anonymous = setUp(same);
    for (let count = 1; count <= 3; count += 1) {
      await anonymous.ask({ claims: {} }, 'high');
      assert.equal(anonymous.asked.length, count);
    }
  });

  it('are not shared between users with different claims', async () => {
    const { ask, asked } = setUp(same);
    let users = 0;
    for (const [plan, count] of [
      ['free', 1],
      ['premium', 2],
      ['free', 3],
      ['premium', 4],
      ['free', 4],
      ['premium', 4],
    ] as const) {
      await ask({ user: `u${(users += 1)}`, claims: { plan } }, 'high');
      assert.equal(asked.length, count);
    }
  });

  it('are no longer shared in the period after they became different', async () => {
    let isPersonal = false;
    const { crowd, clock } = setUp((_, token) => `#EXTM3U\n#EXTINF:2,\n${isPersonal ? mark(token) : 'a'}.ts`);
    await crowd(5);
    isPersonal = true;
    clock.nowMs += 1000;
    for (const { token, text } of await crowd(10)) assert.ok(text.includes(mark(token)));
  });

  it('are shared again after a live playlist changed between the two requests', async () => {
    let version = 0;
    const { crowd, asked } = setUp(() => {
      version += 1;
      return `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:${Math.min(version, 2)}\n`;
    });
    await crowd(20);
    assert.equal(asked.length, 4);
  });

  it('that cannot be fetched do not delay or refuse the token', async () => {
    const { crowd } = setUp(() => Promise.reject(new TypeError('fetch failed')));
    for (const { token, text } of await crowd(5)) assert.ok(token !== '' && text === '');
  });

  it('are limited to eight streams of a request', async () => {
    const asked: string[] = [];
    const handler = createTokenHandler({
      issuers: { playback: jwtIssuer({ keys }) },
      authorize: () => ({ user: 'u' }),
      bootstrap: {
        playlistUrl: (stream) => `https://cdn.test/live/${stream}.m3u8`,
        upstreams: ['https://cdn.test/live/'],
        budgetMs: 60_000,
        fetch: async (input) => {
          asked.push(input instanceof Request ? input.url : input.toString());
          return new Response(`#EXTM3U\n${'#'.repeat(200_000)}`);
        },
      },
    });
    const response = await handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          purpose: 'playback',
          streams: Array.from({ length: 32 }, (_, index) => `s${index}`),
          reason: 'initial',
        }),
      }),
    );
    assert.equal(asked.length, 8);
    const body = await response.text();
    assert.ok(body.length < 1_200_000, `the response has ${body.length} characters`);
  });
});
