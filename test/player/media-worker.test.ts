import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownPages } from '@gatecast/player/internal/media-worker/known-pages';
import { CDN, memoryStore, setUpWorker as setUp } from './support/fake-media-worker.js';

const PLAYLIST = [
  '#EXTM3U',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-MAP:URI="demo/init.mp4"',
  '#EXTINF:2,',
  'demo/1.m4s',
].join('\n');

describe('the service worker', () => {
  it('requests playlists and segments with the token of the page’s player', async () => {
    const { request, serve, sent } = setUp(() => new Response(PLAYLIST));
    serve('demo');
    assert.equal(await (await request(`${CDN}/demo.m3u8`)).text(), PLAYLIST);
    await request(`${CDN}/demo/1.m4s`);
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${CDN}/demo.m3u8?token=demo-1`, `${CDN}/demo/1.m4s?token=demo-1`],
    );
  });

  it('sends the token in a header, with CORS, and a range only if it is a part', async () => {
    const { request, serve, sent } = setUp(() => new Response(PLAYLIST));
    serve('demo', undefined, 'header');
    await request(`${CDN}/demo.m3u8`);
    await request(`${CDN}/demo/1.m4s`, { headers: { Range: 'bytes=7-9' } });
    assert.deepEqual(
      sent.map(({ url, headers, mode }) => [url, headers.get('Authorization'), headers.get('Range'), mode]),
      [
        [`${CDN}/demo.m3u8`, 'Bearer demo-1', null, 'cors'],
        [`${CDN}/demo/1.m4s`, 'Bearer demo-1', 'bytes=7-9', 'cors'],
      ],
    );
  });

  it('repeats a refused request once with another token', async () => {
    const { request, serve, sent } = setUp(({ search }) =>
      search.endsWith('-1') ? new Response(null, { status: 403 }) : new Response(PLAYLIST),
    );
    const { refused } = serve('demo');
    const response = await request(`${CDN}/demo.m3u8`);
    assert.equal(await response.text(), PLAYLIST);
    assert.deepEqual(refused, [1]);
    assert.equal(sent.length, 2);
  });

  it('gives up after the second refusal', async () => {
    const { request, serve, sent } = setUp(() => new Response(null, { status: 401 }));
    serve('demo');
    assert.equal((await request(`${CDN}/demo.m3u8`)).status, 401);
    assert.equal(sent.length, 2);
  });

  it('does not repeat another failure, which the media element gets', async () => {
    const { request, serve, sent } = setUp(() => new Response(null, { status: 503 }));
    serve('demo');
    assert.equal((await request(`${CDN}/demo.m3u8`)).status, 503);
    assert.equal(sent.length, 1);
  });

  it('adds each player’s own token, by the playlists that were read', async () => {
    const { request, serve, sent } = setUp(
      ({ pathname }) =>
        new Response(
          pathname.includes('sport') ? '#EXTM3U\n#EXTINF:2,\na/1.ts' : '#EXTM3U\n#EXTINF:2,\nb/1.ts',
        ),
    );
    serve('sport');
    serve('news');
    for (const path of ['sport.m3u8', 'news.m3u8', 'a/1.ts', 'b/1.ts', 'c/1.ts'])
      await request(`${CDN}/${path}`);
    assert.deepEqual(
      sent.map(({ url }) => url.slice(CDN.length + 1)),
      [
        'sport.m3u8?token=sport-1',
        'news.m3u8?token=news-1',
        'a/1.ts?token=sport-1',
        'b/1.ts?token=news-1',
        // Of no playlist: it goes out as it is.
        'c/1.ts',
      ],
    );
  });

  it('knows the renditions of a multivariant playlist, and low-latency reloads of them', async () => {
    const { request, serve, sent } = setUp(
      () => new Response('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx/high\n'),
    );
    serve('demo');
    serve('other');
    await request(`${CDN}/demo.m3u8`);
    await request(`${CDN}/x/high?_HLS_msn=5&_HLS_part=1`);
    assert.equal(sent[1]?.url, `${CDN}/x/high?_HLS_msn=5&_HLS_part=1&token=demo-1`);
  });

  it('adds no token for another origin', async () => {
    const { request, serve, sent } = setUp(
      () => new Response('#EXTM3U\n#EXTINF:2,\nhttps://ads.test/1.ts\n'),
    );
    serve('demo');
    await request(`${CDN}/demo.m3u8`);
    await request('https://ads.test/1.ts');
    await request('https://elsewhere.test/2.ts');
    assert.deepEqual(
      sent.slice(1).map(({ url }) => url),
      ['https://ads.test/1.ts', 'https://elsewhere.test/2.ts'],
    );
  });

  it('fails a request for which there is no token, without the reason', async () => {
    const { request, serve, page, sent } = setUp(() => new Response(PLAYLIST));
    serve('demo');
    page.postMessage = (_, [port]) => {
      (port as MessagePort).postMessage({ kind: 'wait' });
      (port as MessagePort).postMessage({ kind: 'fail', status: 403 });
    };
    const response = await request(`${CDN}/demo.m3u8`);
    assert.equal(response.status, 403);
    assert.equal(await response.text(), '');
    assert.equal(sent.length, 0);
  });
});

describe('the pages that the service worker knows', () => {
  it('does not ask a page that has said no hello: its media must not wait', async () => {
    const { request, asked, sent } = setUp();
    await request(`${CDN}/film.mp4`);
    assert.deepEqual(asked, []);
    assert.equal(sent.length, 1);
  });

  it('knows a page with a player after the browser has ended the worker', async () => {
    const { request, serve, restart, paths } = setUp();
    serve('demo');
    await request('demo.m3u8');
    restart();
    await request('demo.m3u8');
    assert.deepEqual(paths(), ['demo.m3u8?token=demo-1', 'demo.m3u8?token=demo-1']);
  });

  it('asks a page again that was too busy to reply', async () => {
    const { request, serve, restart, page, paths } = setUp();
    serve('demo');
    restart();
    const postMessage = page.postMessage.bind(page);
    page.postMessage = () => undefined;
    await request('demo.m3u8', {}, () => AbortSignal.abort());
    page.postMessage = postMessage;
    await request('demo.m3u8');
    assert.deepEqual(paths(), ['demo.m3u8', 'demo.m3u8?token=demo-1']);
  });

  it('forgets a page whose last player is gone', async () => {
    const { request, serve, restart, asked } = setUp();
    const life = new AbortController();
    serve('demo', life.signal);
    life.abort();
    await request('demo.m3u8');
    restart();
    await request('demo.m3u8');
    assert.deepEqual(asked, []);
  });

  it('removes the ids of closed pages from the store', async () => {
    const ids = new Set(['closed', 'open']);
    await new KnownPages(memoryStore(ids)).note('new', true, (id) => Promise.resolve(id !== 'closed'));
    assert.deepEqual([...ids], ['open', 'new']);
  });

  it('works without a store as long as it runs', async () => {
    const fail = () => Promise.reject(new DOMException('no store', 'SecurityError'));
    const pages = new KnownPages({ has: fail, add: fail, remove: fail, ids: fail });
    assert.equal(await pages.find('page'), false);
    await pages.note('page', true, () => Promise.resolve(true));
    assert.equal(await pages.find('page'), true);
  });

  it('keeps the pages in use when there are many', async () => {
    const store = memoryStore();
    const pages = new KnownPages(store);
    const isOpen = () => Promise.resolve(true);
    await pages.note('in use', true, isOpen);
    const lookups: string[] = [];
    store.has = (id) => Promise.resolve(lookups.push(id) < 0);
    for (let count = 0; count < 150; count += 1) {
      await pages.find(`other ${count}`);
      assert.equal(await pages.find('in use'), true);
    }
    assert.equal(lookups.includes('in use'), false);
    assert.equal(pages.hasPlayer('other 0'), null);
  });
});
