import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CDN, setUpWorker } from './support/fake-media-worker.js';

const problem = (code: string): Response =>
  new Response(JSON.stringify({ type: `https://gatecast.dev/problems/${code}`, code, status: 403 }), {
    status: 403,
    headers: { 'Content-Type': 'application/problem+json' },
  });

describe('media requests of a page with native players', () => {
  for (const placement of ['query:token', 'path:/t/{token}'])
    it(`leaves another video of the same origin as it is with ${placement}`, async () => {
      const { serve, request, sent } = setUpWorker(({ pathname }) =>
        pathname.includes('trailer') ? new Response(null, { status: 403 }) : new Response('#EXTM3U\n'),
      );
      const { refused } = serve('demo', undefined, placement);
      const trailer = 'https://cdn.test/ads/trailer.mp4';
      await request(trailer);
      assert.deepEqual(
        sent.map(({ url }) => url),
        [trailer],
      );
      assert.deepEqual(refused, []);
    });

  it('knows addresses with variables, with two players of one origin', async () => {
    const { serve, request, paths } = setUpWorker(({ pathname }) => {
      const text = pathname.endsWith('demo.m3u8')
        ? '#EXT-X-DEFINE:NAME="dir",VALUE="a"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{$dir}/low.m3u8'
        : '#EXT-X-DEFINE:IMPORT="dir"\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{$dir}1.ts';
      return new Response(`#EXTM3U\n${text}\n`);
    });
    serve('demo');
    serve('news');
    for (const path of ['demo.m3u8', 'a/low.m3u8', 'a/a1.ts']) await request(path);
    assert.deepEqual(
      paths(),
      ['demo.m3u8', 'a/low.m3u8', 'a/a1.ts'].map((path) => `${path}?token=demo-1`),
    );
  });

  it('knows a playlist at the address to which it was redirected, and its segments', async () => {
    const { serve, request, paths } = setUpWorker(() => {
      const response = new Response('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n1.ts\n');
      return Object.defineProperty(response, 'url', { value: `${CDN}/edge/7/demo.m3u8?token=demo-1` });
    });
    serve('demo');
    serve('news');
    for (const path of ['demo.m3u8', 'edge/7/demo.m3u8?token=demo-1', 'edge/7/1.ts']) await request(path);
    assert.deepEqual(paths(), [
      'demo.m3u8?token=demo-1',
      'edge/7/demo.m3u8?token=demo-1',
      'edge/7/1.ts?token=demo-1',
    ]);
  });

  it('requests no token because the media element has given a request up', async () => {
    const given = new AbortController();
    const world = setUpWorker((url) => {
      if (!url.pathname.endsWith('.ts')) return new Response('#EXTM3U\n#EXTINF:2,\n1.ts\n');
      given.abort();
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    const { renewed, refused } = world.serve('demo');
    await world.request('demo.m3u8');
    await world.request('1.ts', { signal: given.signal });
    assert.deepEqual([renewed, refused, world.sent.length], [[], [], 2]);
  });

  it('reports a redirect that must not be followed, once', async () => {
    const world = setUpWorker(() =>
      Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } }),
    );
    const { server, renewed } = world.serve('demo', undefined, 'header:X-Token');
    await world.request('demo.m3u8');
    const failure = server.takeFailure();
    assert.ok(failure);
    assert.equal(failure.code, 'source-failed');
    assert.match(failure.message, /redirects a request that has a token in a header/);
    assert.equal(server.takeFailure(), null);
    assert.deepEqual(renewed, []);
  });

  it('ends a request whose worker the browser has ended in the middle', async () => {
    const { serve, time } = setUpWorker();
    const { server } = serve('demo');
    const { port1, port2 } = new MessageChannel();
    const kinds: string[] = [];
    const failed = new Promise<void>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<{ kind: string }>) => {
        kinds.push(data.kind);
        if (data.kind === 'send') void time.advance(100_000);
        if (data.kind === 'fail') resolve();
      };
    });
    await server.answer(`${CDN}/demo.m3u8`, 'playlist', port2);
    await failed;
    port1.close();
    assert.deepEqual(kinds, ['wait', 'send', 'fail']);
    assert.equal(server.watch.verdict, 'origin');
  });

  it('takes the tokens of the player that still has access, if two have one address', async () => {
    const world = setUpWorker(({ search }) =>
      search.includes('demo-') ? problem('revoked') : new Response('#EXTM3U\n'),
    );
    const { entry, ended } = world.serve('demo');
    const other = world.serve('other');
    world.link.serve({ ...other.entry, url: entry.url });
    await world.request('demo.m3u8');
    assert.deepEqual(ended, ['revoked']);
    await world.request('demo.m3u8');
    assert.equal(world.paths().at(-1)?.includes('demo-'), false);
  });
});
