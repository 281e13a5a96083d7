import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createPlaylistCookie,
  createPlaylistSigner,
  generateSigningKey,
  jwtIssuer,
  signClaims,
  type PlaylistSignerOptions,
} from '@gatecast/server';
import { cookieFor } from './support/playlist-cookies.js';

const { key } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);
const cookie = createPlaylistCookie({ keys });

/** A signer, and the cookie of a player that may watch `free` and `other`. */
async function setUp(options: Partial<PlaylistSignerOptions> = {}, text = '#EXTM3U\n') {
  const asked: string[] = [];
  const signer = createPlaylistSigner({
    issuer: jwtIssuer({ keys }),
    cookie,
    upstreams: ['https://cdn.test/live/'],
    fetch: async (input) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return new Response(text);
    },
    ...options,
  });
  const Cookie = await cookieFor(cookie, ['free', 'other', 'ünïcode', 'a/b', '100%']);
  const open = (path: string) => signer(new Request(`https://page.test${path}`, { headers: { Cookie } }));
  const get = (file: string, query = '') =>
    open(`/hls/sign?url=${encodeURIComponent(`https://cdn.test/live/${file}`)}${query}`);
  return { get, open, asked };
}

describe('the stream of a playlist', () => {
  for (const [file, stream] of [
    ['free.m3u8', null],
    ['free.m3u8', 'free'],
    ['free/index.m3u8', 'free'],
    ['free/720p/index.m3u8', 'free'],
    ['a/free.M3U8', 'free'],
    ['free', 'free'],
    ['%C3%BCn%C3%AFcode.m3u8', 'ünïcode'],
    ['%66ree.m3u8', 'free'],
    ['100%.m3u8', '100%'],
    ['100%.m3u8', null],
    ['100%25.m3u8', '100%'],
  ] as const) {
    it(`${stream ?? 'without a name'} is taken for ${file}`, async () => {
      const { get } = await setUp();
      const query = stream === null ? '' : `&stream=${encodeURIComponent(stream)}`;
      assert.equal((await get(file, query)).status, 200);
    });
  }

  for (const [file, query] of [
    ['premium.m3u8', '&stream=free'],
    ['premium/index.m3u8', '&stream=free'],
    ['free-premium.m3u8', '&stream=free'],
    ['premium.m3u8?x=/free/', '&stream=free'],
    ['premium.m3u8/free.m3u8', '&stream=free'],
    ['premium%2em3u8/free.m3u8', '&stream=free'],
    ['premium.m3u8%3bx/free.m3u8', '&stream=free'],
    ['premium.m3u8%20/free.m3u8', '&stream=free'],
    ['premium.m3u8./free.m3u8', '&stream=free'],
    ['premium.m3u8%3f/free.m3u8', '&stream=free'],
    ['premium.m3u8%23/free.m3u8', '&stream=free'],
    ['premium%/free.m3u8', '&stream=free'],
    ['premium.m3u8#/free/', '&stream=free'],
    ['premium.m3u8/free.m3u8', '&stream=free'],
    ['premium.m3u8;a=b/free', '&stream=free'],
    ['free/%2e%2e/premium.m3u8', '&stream=free'],
    ['free.m3u8', '&stream=other'],
    ['a/b.m3u8', '&stream=a%2Fb'],
    ['premium.m3u8', '&stream='],
    ['premium.m3u8', '&stream=free&proof=x'],
    ['premium.m3u8', '&stream=free&proof='],
    ['premium.m3u8', ''],
  ] as const) {
    it(`is refused for ${file} with "${query}"`, async () => {
      const { get, asked } = await setUp();
      const response = await get(file, query);
      assert.equal(response.status, 403);
      const problem = (await response.json()) as { code: string; detail: string; hint: string };
      assert.equal(problem.code, 'forbidden');
      if (problem.detail.includes('does not belong')) assert.match(problem.hint, /streamOf/);
      assert.deepEqual(asked, []);
    });
  }

  it('is proven for a playlist whose address is not valid percent-encoding, and the others stay', async () => {
    const { get } = await setUp(
      {},
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfree.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\n100%.m3u8\n',
    );
    const answer = await get('free/index.m3u8', '&stream=free');
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /100%25\.m3u8/);
  });

  it('is proven by the playlist that names it, and for this URL and stream only', async () => {
    const parent = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../live/hd-1.m3u8?x=1\n';
    const { get, open } = await setUp({}, parent);
    const read = async () => (await (await get('free.m3u8')).text()).split('\n')[2] ?? '';
    const link = await read();
    assert.match(link, /^\/hls\/sign\?url=\S+&stream=free&proof=ey[\w.-]+$/);
    assert.ok((await read()) === link, 'the link changed');
    assert.equal((await open(link)).status, 200);
    assert.equal((await open(link.replace('hd-1', 'hd-2'))).status, 403);
    assert.equal((await open(link.replace('stream=free', 'stream=other'))).status, 403);
    assert.equal((await open(link.replace('x%3D1', 'x%3D2'))).status, 403);

    const another = await setUp({}, parent);
    assert.equal((await another.open(link)).status, 200, 'another instance refuses the link');
  });

  it('is not proven for a path that the player chooses by a variable from the query', async () => {
    const parent = (uri: string) =>
      `#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="x"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${uri}\n`;
    for (const uri of ['{$x}/hd.m3u8', '{$x}', 'hd.m3u8{$x}']) {
      const { get } = await setUp({}, parent(uri));
      const response = await get('free.m3u8?x=/live/premium.m3u8%3F');
      assert.equal(((await response.json()) as { code: string }).code, 'playlist-unsupported');
    }
    const { get, open } = await setUp({}, parent('hd.m3u8?session={$x}'));
    const link = (await (await get('free.m3u8?x=/live/1')).text()).split('\n')[3] ?? '';
    assert.equal((await open(link)).status, 200);
  });

  it('is not proven by another JWT of the same keys', async () => {
    const { get } = await setUp();
    const { token = '' } = await jwtIssuer({ keys }).issue({
      purpose: 'playback',
      stream: 'free',
      grant: {},
    });
    const forged = await signClaims(keys, { aud: 'playlist-link', hash: 'x' }, 'JWT');
    for (const proof of [token, forged, (await cookieFor(cookie, ['free'])).replace(/^.*?=/, '')])
      assert.equal((await get('hd.m3u8', `&stream=free&proof=${proof}`)).status, 403);
  });

  it('is what streamOf returns', async () => {
    const asked: (string | null)[] = [];
    const { get } = await setUp({
      streamOf(url, requested) {
        asked.push(requested);
        return url.pathname.includes('/p/') ? 'premium' : 'free';
      },
    });
    assert.equal((await get('x.m3u8')).status, 200);
    assert.equal((await get('p/free.m3u8', '&stream=free')).status, 403);
    assert.deepEqual(asked, [null, 'free']);
  });

  it('is written without a proof if streamOf is set', async () => {
    const parent = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhd.m3u8\n';
    const { get } = await setUp({ streamOf: () => 'free' }, parent);
    assert.match(await (await get('x.m3u8')).text(), /hd\.m3u8&stream=free$/m);
  });
});
