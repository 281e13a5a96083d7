import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, GatecastError, type requestMedia, type Token } from '@gatecast/token';
import { ChildAddresses } from '@gatecast/player/internal/engine/hls/child-addresses';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import '@gatecast/player/internal/loading/reread-playlist';

const TOKEN: Token = {
  stream: 'a',
  version: 1,
  value: 'a-token-of-the-page',
  receivedAtMs: 0,
  expiresAtMs: null,
  notBeforeMs: null,
  issuedAtMs: null,
};
const renew = async (): Promise<Token> => TOKEN;
const fakeTokens = {
  get: renew,
  peek: () => TOKEN,
  refresh: renew,
  rejected: renew,
  accepted: () => undefined,
  onRefreshed: () => () => undefined,
  leadMs: 60_000,
  now: () => 0,
};

describe('the loader of hls.js', () => {
  /** Requests of a media playlist and its segments while the token of the page is renewed before each. */
  async function requestsOf(children: string, isEnough?: (sent: string[]) => boolean): Promise<string[]> {
    const sent: string[] = [];
    const signal = new AbortController().signal;
    let version = 0;
    const token = () => ({ ...TOKEN, version: (version += 1) });
    const transport: typeof requestMedia = async (_authorizer, { url }) => {
      sent.push(url);
      const data = url.endsWith('.m3u8') ? `#EXTM3U\n#EXTINF:2,\n${children}\n` : new ArrayBuffer(1);
      const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
      return { url, status: 200, data, headers: new Headers(), timing };
    };
    const tokens = { ...fakeTokens, peek: token };
    const authorizer = new Authorizer({ tokens, placement: { kind: 'query', name: 'token' }, origins: [] });
    const early = new EarlyRequests(authorizer, signal, () => undefined, transport);
    const addresses = new ChildAddresses({ early, tokens, signal });
    const load = async (url: string, responseType: 'text' | 'arraybuffer'): Promise<void> => {
      const request = { url, stream: 'a', responseType };
      addresses.remember(request, await addresses.request(request, { signal }));
      // The code that exchanges addresses has time to load.
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    await load('https://cdn.example/a.m3u8', 'text');
    const segment = new URL(children, 'https://cdn.example').href;
    for (let count = 0; isEnough ? !isEnough(sent) : count < 10; count += 1)
      await load(segment, 'arraybuffer');
    return sent;
  }

  it('sends no request more for a stream whose origin writes no tokens', async () => {
    for (const children of ['1.m4s', '1.m4s?v=3', '1.m4s?name=short&t=12'])
      assert.equal((await requestsOf(children)).length, 11, children);
  });

  it(
    'reads the playlist again for a token of the origin, when the page has another one',
    {
      timeout: 20_000,
    },
    async () => {
      const isReadAgain = (sent: string[]) => sent.filter((url) => url.endsWith('.m3u8')).length > 1;
      assert.ok(isReadAgain(await requestsOf('1.m4s?k=0123456789abcdefghij', isReadAgain)));
    },
  );

  it('exchanges the addresses of a clone whose steering manifest came first', async () => {
    const signal = new AbortController().signal;
    const sent: string[] = [];
    let reading = 0;
    const transport: typeof requestMedia = async (_authorizer, { url }) => {
      sent.push(url);
      if (url.endsWith('/index.m3u8')) reading += 1;
      else if (reading < 2 && url.includes('clone.example'))
        throw new GatecastError('source-failed', 'refused', { hint: 'test', status: 403 });
      const variant = `#EXT-X-STREAM-INF:BANDWIDTH=1,PATHWAY-ID="A"\na.m3u8?k=0123456789abcdef${String(reading)}`;
      const timing = { startMs: 0, firstByteMs: 0, endMs: 0 };
      return { url, status: 200, data: `#EXTM3U\n${variant}\n`, headers: new Headers(), timing };
    };
    const authorizer = new Authorizer({
      tokens: fakeTokens,
      placement: { kind: 'query', name: 'token' },
      origins: [],
    });
    const early = new EarlyRequests(authorizer, signal, () => undefined, transport);
    const addresses = new ChildAddresses({ early, tokens: fakeTokens, signal });
    const index = { url: 'https://cdn.example/index.m3u8', stream: 'a', responseType: 'text' } as const;
    const response = await addresses.request(index, { signal });
    addresses.remember(index, response);
    const clone = { ID: 'B', 'BASE-ID': 'A', 'URI-REPLACEMENT': { HOST: 'clone.example' } };
    addresses.remember(
      { url: 'https://steering.example/', stream: 'a', responseType: 'json' },
      { ...response, data: { VERSION: 1, 'PATHWAY-CLONES': [clone] } },
    );
    const url = 'https://clone.example/a.m3u8?k=0123456789abcdef';
    await addresses.request({ ...index, url: `${url}1` }, { signal });
    assert.deepEqual(sent.slice(1), [`${url}1`, index.url, `${url}2`]);
  });
});
