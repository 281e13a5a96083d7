import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, parsePlacement, type Token } from '@gatecast/token';
import {
  serveMediaRequests,
  type WorkerContainer,
} from '@gatecast/player/internal/engine/native/serve-media-requests';
import { hasMediaWorker } from '@gatecast/player/internal/engine/native/worker-address';
import {
  answerMediaRequest,
  type KnownPage,
} from '@gatecast/player/internal/media-worker/answer-media-request';
import type { MediaPage } from '@gatecast/player/internal/media-worker/page-talk';

const CDN = 'https://cdn.test/live';
const PLAYLIST = [
  '#EXTM3U',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-MAP:URI="demo/init.mp4"',
  '#EXTINF:2,',
  'demo/1.m4s',
];

type Listener = Parameters<WorkerContainer['addEventListener']>[1];

/** A page whose players are served by a worker, and the origin that the worker requests. */
function setUp(origin: (url: URL, init: RequestInit) => Response = () => new Response(PLAYLIST.join('\n'))) {
  const listeners = new Set<Listener>();
  const toWorker: unknown[] = [];
  const container: WorkerContainer = {
    controller: { postMessage: (message: unknown) => void toWorker.push(message) },
    addEventListener: (_: string, listener: Listener) => void listeners.add(listener),
    removeEventListener: (_: string, listener: Listener) => void listeners.delete(listener),
    startMessages: () => undefined,
  };
  const page: MediaPage = {
    postMessage(data, ports) {
      for (const listener of listeners) listener.call(container, { data, ports: ports as MessagePort[] });
    },
  };
  const sent: { url: string; headers: Headers; mode: RequestMode | undefined }[] = [];
  const fetch: typeof globalThis.fetch = (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    sent.push({ url: url.href, headers: new Headers(init.headers), mode: init.mode });
    return Promise.resolve(origin(url, init));
  };
  const known: KnownPage = { hasPlayer: null };
  const never = new AbortController().signal;
  return {
    sent,
    toWorker,
    listeners,
    known,
    page,
    serve: (stream: string, signal = never, placement = 'query:token') => {
      let version = 1;
      const refreshed: number[] = [];
      const token = (): Token =>
        ({ stream, value: `${stream}-${version}`, version, expiresAtMs: null, receivedAtMs: 0 }) as Token;
      const authorizer = new Authorizer({
        placement: parsePlacement(placement),
        origins: [`${CDN}/${stream}.m3u8`],
        tokens: {
          get: () => Promise.resolve(token()),
          peek: () => null,
          accepted: () => undefined,
          rejected: (_, refused) => {
            refreshed.push(refused);
            version += 1;
            return Promise.resolve(token());
          },
        },
      });
      serveMediaRequests(container, { url: `${CDN}/${stream}.m3u8`, stream, authorizer, signal });
      return { refreshed };
    },
    request: (url: string, headers: Record<string, string> = { Range: 'bytes=0-' }, state = known) => {
      const surroundings = {
        fetch,
        after: (delayMs: number) => (delayMs > 5000 ? new AbortController().signal : AbortSignal.abort()),
      };
      return answerMediaRequest(new Request(url, { headers }), page, state, surroundings);
    },
  };
}

describe('the service worker', () => {
  it('requests playlists and segments with the token of the page’s player', async () => {
    const { request, serve, sent, known } = setUp();
    known.hasPlayer = true;
    serve('demo');
    assert.equal(await (await request(`${CDN}/demo.m3u8`)).text(), PLAYLIST.join('\n'));
    await request(`${CDN}/demo/1.m4s`);
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${CDN}/demo.m3u8?token=demo-1`, `${CDN}/demo/1.m4s?token=demo-1`],
    );
  });

  it('sends the token in a header, with CORS, and a range only if it is a part', async () => {
    const { request, serve, sent, known } = setUp();
    known.hasPlayer = true;
    serve('demo', undefined, 'header');
    await request(`${CDN}/demo.m3u8`);
    await request(`${CDN}/demo/1.m4s`, { Range: 'bytes=7-9' });
    assert.deepEqual(
      sent.map(({ url, headers, mode }) => [url, headers.get('Authorization'), headers.get('Range'), mode]),
      [
        [`${CDN}/demo.m3u8`, 'Bearer demo-1', null, 'cors'],
        [`${CDN}/demo/1.m4s`, 'Bearer demo-1', 'bytes=7-9', 'cors'],
      ],
    );
  });

  it('repeats a refused request once with another token', async () => {
    const { request, serve, sent, known } = setUp(({ search }) =>
      search.endsWith('-1') ? new Response(null, { status: 403 }) : new Response('media'),
    );
    known.hasPlayer = true;
    const { refreshed } = serve('demo');
    const response = await request(`${CDN}/demo/1.m4s`);
    assert.equal(await response.text(), 'media');
    assert.deepEqual(refreshed, [1]);
    assert.equal(sent.length, 2);
  });

  it('gives up after the second refusal', async () => {
    const { request, serve, sent, known } = setUp(() => new Response(null, { status: 401 }));
    known.hasPlayer = true;
    serve('demo');
    assert.equal((await request(`${CDN}/demo.m3u8`)).status, 401);
    assert.equal(sent.length, 2);
  });

  it('does not repeat another failure, which the media element gets', async () => {
    const { request, serve, sent, known } = setUp(() => new Response(null, { status: 503 }));
    known.hasPlayer = true;
    serve('demo');
    assert.equal((await request(`${CDN}/demo.m3u8`)).status, 503);
    assert.equal(sent.length, 1);
  });

  it('adds each player’s own token, by the playlists that were read', async () => {
    const { request, serve, sent, known } = setUp(
      ({ pathname }) =>
        new Response(
          pathname.includes('sport') ? '#EXTM3U\n#EXTINF:2,\na/1.ts' : '#EXTM3U\n#EXTINF:2,\nb/1.ts',
        ),
    );
    known.hasPlayer = true;
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
    const { request, serve, sent, known } = setUp(
      () => new Response('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx/high\n'),
    );
    known.hasPlayer = true;
    serve('demo');
    serve('other');
    await request(`${CDN}/demo.m3u8`);
    await request(`${CDN}/x/high?_HLS_msn=5&_HLS_part=1`);
    assert.equal(sent[1]?.url, `${CDN}/x/high?_HLS_msn=5&_HLS_part=1&token=demo-1`);
  });

  it('adds no token for another origin', async () => {
    const { request, serve, sent, known } = setUp(
      () => new Response('#EXTM3U\n#EXTINF:2,\nhttps://ads.test/1.ts\n'),
    );
    known.hasPlayer = true;
    serve('demo');
    await request(`${CDN}/demo.m3u8`);
    await request('https://ads.test/1.ts');
    await request('https://elsewhere.test/2.ts');
    assert.deepEqual(
      sent.slice(1).map(({ url }) => url),
      ['https://ads.test/1.ts', 'https://elsewhere.test/2.ts'],
    );
  });

  it('asks the page again after the browser has restarted it', async () => {
    const { request, serve, sent } = setUp();
    serve('demo');
    for (let start = 0; start < 2; start += 1) {
      const restarted: KnownPage = { hasPlayer: null };
      // The first wait of an unknown page is short: the reply has to be there at once.
      const response = request(`${CDN}/demo.m3u8`, {}, restarted);
      await response;
    }
    assert.equal(sent.length, 2);
  });

  it('leaves the requests of a page without a player alone, and asks it once', async () => {
    const { request, sent, known } = setUp();
    await request(`${CDN}/demo.m3u8`);
    assert.equal(known.hasPlayer, false);
    await request(`${CDN}/demo.m3u8`);
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${CDN}/demo.m3u8`, `${CDN}/demo.m3u8`],
    );
  });

  it('is told when the last player is gone, and nothing of the player stays', () => {
    const { serve, toWorker, listeners } = setUp();
    const [one, other] = [new AbortController(), new AbortController()];
    serve('demo', one.signal);
    serve('other', other.signal);
    one.abort();
    assert.equal(listeners.size, 1);
    other.abort();
    assert.equal(listeners.size, 0);
    assert.deepEqual(toWorker, [{ 'gatecast-media-1': 'bye' }]);
  });

  it('fails a request for which there is no token, without the reason', async () => {
    const { request, page, known, sent } = setUp();
    known.hasPlayer = true;
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

describe('the search for the service worker', () => {
  const signal = new AbortController().signal;
  const containerOf = (postMessage: (message: unknown, ports: Transferable[]) => void): WorkerContainer => ({
    controller: {
      postMessage: (message: unknown, ports: unknown) => postMessage(message, ports as Transferable[]),
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    startMessages: () => undefined,
  });

  it('finds one that replies', async () => {
    const container = containerOf((_, [port]) => (port as MessagePort).postMessage(true));
    assert.equal(await hasMediaWorker(container, signal), true);
  });

  it('finds none in a page without one, and in a page with one of another kind', async () => {
    assert.equal(await hasMediaWorker(undefined, signal), false);
    const ended = new AbortController();
    const found = hasMediaWorker(
      containerOf(() => undefined),
      ended.signal,
    );
    ended.abort();
    assert.equal(await found, false);
  });
});
