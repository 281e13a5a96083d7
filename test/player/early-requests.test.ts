import { afterEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Authorizer, type Token } from '@gatecast/token';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import { planStart } from '@gatecast/player/internal/loading/plan-start';
import type { ResolvedEntry } from '@gatecast/player/internal/source/player-source';

const url = 'https://media.example/live/demo.m3u8';
const text = '#EXTM3U\n';
const realFetch = globalThis.fetch;

interface Fixture {
  readonly early: EarlyRequests;
  readonly fetched: string[];
  readonly sent: RequestInit[];
  readonly life: AbortController;
  readonly bringToken: () => void;
}

/** Early requests whose token is not there before `bringToken`. */
function setUp(answer: (url: string) => Response = () => new Response(text)): Fixture {
  const fetched: string[] = [];
  const sent: RequestInit[] = [];
  const life = new AbortController();
  const waiting: (() => void)[] = [];
  const token: Token = {
    stream: 'demo',
    value: 'abc',
    version: 1,
    receivedAtMs: 0,
    expiresAtMs: null,
    notBeforeMs: null,
    issuedAtMs: null,
  };
  globalThis.fetch = async (input, init) => {
    const address = String(input instanceof Request ? input.url : input);
    fetched.push(address);
    sent.push(init ?? {});
    return answer(address);
  };
  const authorizer = new Authorizer({
    tokens: {
      get: (_, options) =>
        new Promise((resolve, reject) => {
          const signal = options?.signal;
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
          waiting.push(() => resolve(token));
        }),
      peek: () => null,
      rejected: async () => token,
      accepted: () => undefined,
    },
    placement: { kind: 'query', name: 'token' },
    origins: [new URL(url).origin],
  });
  return {
    early: new EarlyRequests(authorizer, life.signal, () => 'include'),
    fetched,
    sent,
    life,
    bringToken: () => waiting.splice(0).forEach((resolve) => resolve()),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('early requests', () => {
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  it('request a playlist as soon as its token is available', async () => {
    const { early, fetched, bringToken } = setUp();
    const response = early.playlist(url, 'demo');
    bringToken();
    assert.equal((await response).data, text);
    assert.equal(fetched.length, 1);
  });

  it('answer a waiting playlist request with the playlist of the token response', async () => {
    const { early, fetched, bringToken } = setUp();
    const response = early.playlist(url, 'demo');
    await turn();
    early.offerPlaylists({ [url]: `${text}#offered` }, url);
    bringToken();
    assert.equal((await response).data, `${text}#offered`);
    await turn();
    assert.deepEqual(fetched, [], 'the playlist was asked for though it was there');
    assert.equal((await early.take(url))?.data, `${text}#offered`);
  });

  it('have the credentials of the engine’s own requests', async () => {
    const { early, sent, bringToken } = setUp();
    const response = early.playlist(url, 'demo');
    early.segment({ url: 'https://media.example/live/0.ts', range: null }, 'demo');
    bringToken();
    await response;
    await turn();
    assert.deepEqual(
      sent.map(({ credentials }) => credentials),
      ['include', 'include'],
    );
  });

  it('resolve what a playlist names against the address that it was answered from', async () => {
    const multivariant = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.4d401f"\nlow/a.m3u8\n';
    const media = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.ts\n#EXT-X-ENDLIST\n';
    const { early, fetched, bringToken } = setUp((address) => {
      const response = new Response(address.includes('/low/') ? media : multivariant);
      const moved = address.replace('media.example/', 'media.example/moved/');
      Object.defineProperty(response, 'url', { value: moved });
      return response;
    });
    const entry: ResolvedEntry = {
      index: 0,
      label: '',
      stream: 'demo',
      url,
      whepUrl: null,
      bitrateKbps: null,
      width: null,
      height: null,
      framerate: null,
      security: null,
      raw: {},
      tag: '',
      hasH5live: false,
    };
    const source = {
      entries: [entry],
      startIndex: 0,
      rule: '',
      options: {},
      group: null,
      extra: {},
      warnings: [],
    };
    const plan = planStart({ source, early, bandwidthBps: 1, isSupported: () => true });
    for (let turns = 0; turns < 5; turns += 1) {
      bringToken();
      await turn();
    }
    assert.equal((await plan).startUrl, 'https://media.example/moved/live/low/a.m3u8');
    assert.equal((await plan).codecs, 'avc1.4d401f');
    assert.deepEqual(
      fetched.map((each) => new URL(each).pathname),
      ['/live/demo.m3u8', '/moved/live/low/a.m3u8', '/moved/moved/live/low/0.ts'],
    );
  });

  it('are aborted with the engine that started them', async () => {
    const { early, fetched, life, bringToken } = setUp();
    const response = early.playlist(url, 'demo');
    await turn();
    life.abort();
    bringToken();
    await assert.rejects(response, { name: 'AbortError' });
    assert.deepEqual(fetched, []);
  });

  it('are not sent for media that come after the token response', async () => {
    const { early, fetched, bringToken } = setUp();
    const bytes = new TextEncoder().encode('moof').buffer;
    const segment = 'https://media.example/live/7.m4s';
    const sentAtMs = performance.timeOrigin + performance.now() - 50;
    const part = { rangeStart: 10, data: Promise.resolve(bytes), sentAtMs };
    early.offerMedia([{ url: '7.m4s', ...part }], url);
    early.segment({ url: segment, range: { start: 10, end: 14 } }, 'demo');
    await turn();
    bringToken();
    await turn();
    assert.deepEqual(fetched, []);
    const response = await early.take(segment, 10);
    assert.equal(response?.data, bytes);
    // The answer may have come before the page looked, so its first byte says nothing about the speed.
    assert.ok(response.timing.endMs - response.timing.firstByteMs >= 49);
    assert.equal(early.take(segment, 10), null);
  });

  it('are sent by the engine for media that do not come', async () => {
    const { early } = setUp();
    const segment = 'https://media.example/live/7.m4s';
    const data = Promise.reject<ArrayBuffer>(new DOMException('', 'AbortError'));
    const sentAtMs = performance.timeOrigin;
    early.offerMedia([{ url: segment, rangeStart: 0, data, sentAtMs }], url);
    await turn();
    assert.equal(early.take(segment), null);
  });
});
