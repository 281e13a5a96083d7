import { afterEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Authorizer, type Token } from '@gatecast/token';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';

const url = 'https://media.example/live/demo.m3u8';
const text = '#EXTM3U\n';
const realFetch = globalThis.fetch;

interface Fixture {
  readonly early: EarlyRequests;
  readonly fetched: string[];
  readonly life: AbortController;
  readonly bringToken: () => void;
}

/** Early requests whose token is not there before `bringToken`. */
function setUp(): Fixture {
  const fetched: string[] = [];
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
  globalThis.fetch = async (input) => {
    fetched.push(String(input instanceof Request ? input.url : input));
    return new Response(text);
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
    early: new EarlyRequests(authorizer, life.signal),
    fetched,
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

  it('are aborted with the engine that started them', async () => {
    const { early, fetched, life, bringToken } = setUp();
    const response = early.playlist(url, 'demo');
    await turn();
    life.abort();
    bringToken();
    await assert.rejects(response, { name: 'AbortError' });
    assert.deepEqual(fetched, []);
  });
});
