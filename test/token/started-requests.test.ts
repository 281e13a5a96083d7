import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { endpointName, startedRequests, tokenRequestInit, type StartedRequest } from '@gatecast/contract';
import { endpointSource, TokenManager } from '@gatecast/token';

const URL = 'https://shop.example/api/tokens';
const realFetch = globalThis.fetch;
const answer = (streams: readonly string[], serverTime?: number): Response =>
  Response.json({
    tokens: streams.map((stream) => ({ stream, token: `opaque-token-${stream}` })),
    ...(serverTime !== undefined && { serverTime }),
  });

afterEach(() => {
  startedRequests().length = 0;
  globalThis.fetch = realFetch;
});

/** What the element of a page asks for itself. */
function open(options: Partial<Parameters<typeof endpointSource>[0]> = {}) {
  const asked: (readonly string[])[] = [];
  globalThis.fetch = (_, init) => {
    const { streams } = JSON.parse(typeof init?.body === 'string' ? init.body : '') as { streams: string[] };
    asked.push(streams);
    return Promise.resolve(answer(streams));
  };
  const manager = new TokenManager({ source: endpointSource({ url: URL, ...options }), purpose: 'playback' });
  const get = async (...streams: string[]) =>
    Promise.all(streams.map(async (stream) => (await manager.get(stream)).value));
  return { asked, manager, get };
}

function start(streams: string[], more: Partial<StartedRequest> = {}): void {
  startedRequests().push({
    endpoint: endpointName(URL, 'same-origin'),
    streams,
    sentAtMs: Date.now(),
    response: Promise.resolve(answer(streams)),
    ...more,
  });
}

describe('a token request that is under way already', () => {
  it('answers for the stream, once', async () => {
    start(['a']);
    const { get, asked, manager } = open();
    assert.deepEqual(await get('a'), ['opaque-token-a']);
    assert.deepEqual([asked, startedRequests()], [[], []]);
    await manager.refresh('a');
    assert.deepEqual(asked, [['a']]);
  });

  it('answers for some of its streams', async () => {
    start(['a', 'b']);
    const { get, asked } = open();
    assert.deepEqual(await get('b'), ['opaque-token-b']);
    assert.deepEqual(asked, []);
  });

  it('leaves other streams to a request of their own', async () => {
    start(['a']);
    start(['b']);
    const { get, asked } = open();
    assert.deepEqual(await get('a', 'b', 'c', 'd'), [
      'opaque-token-a',
      'opaque-token-b',
      'opaque-token-c',
      'opaque-token-d',
    ]);
    assert.deepEqual(asked, [['c', 'd']]);
  });

  for (const [what, more, options] of [
    ['another endpoint', { endpoint: endpointName(`${URL}2`, 'same-origin') }, {}],
    ['other credentials', { endpoint: endpointName(URL, 'include') }, {}],
    ['ten seconds ago', { sentAtMs: Date.now() - 10_001 }, {}],
    ['a clock that was set back', { sentAtMs: Date.now() + 60_000 }, {}],
    ['a token without proof', {}, { dpop: true }],
    ['another fetch function', {}, { fetch: () => Promise.resolve(answer(['a'])) }],
  ] as const)
    it(`is not used: it is for ${what}`, async () => {
      start(['a'], { response: Promise.resolve(answer(['z'])), ...more });
      const { get } = open(options);
      if (!('dpop' in options)) assert.deepEqual(await get('a'), ['opaque-token-a']);
      else void get('a').catch(() => undefined);
      assert.equal(startedRequests().length, 1);
    });

  it('is not used for an ingest token', async () => {
    start(['a']);
    open();
    const source = endpointSource({ url: URL });
    const { signal } = new AbortController();
    await source.request({ purpose: 'ingest', streams: ['a'], reason: 'initial' }, { signal });
    assert.equal(startedRequests().length, 1);
  });

  it('fails as a request of the element does', async () => {
    start(['a'], { response: Promise.resolve(new Response(null, { status: 403 })) });
    const { get, asked } = open();
    await assert.rejects(get('a'), { code: 'token-refused', status: 403 });
    assert.deepEqual(asked, []);
  });

  it('tells the server’s time at the time of its answer, not of its use', async () => {
    const nowMs = Date.now();
    const [sentAtMs, answeredAtMs] = [nowMs - 4000, nowMs - 3900];
    // With a fraction, so that it is not rounded: 2 s ahead of this clock.
    const serverTime = (answeredAtMs - 50 + 2000) / 1000 + 0.0001;
    start(['a'], { sentAtMs, answeredAtMs, response: Promise.resolve(answer(['a'], serverTime)) });
    const { get, manager } = open();
    await get('a');
    assert.ok(Math.abs(manager.serverClock.offsetMs - 2000) < 5, String(manager.serverClock.offsetMs));
  });
});

describe('tokenRequestInit', () => {
  it('is what the element sends', async () => {
    const sent: RequestInit[] = [];
    const fetch = (_: unknown, init: RequestInit = {}) => {
      sent.push(init);
      return Promise.resolve(answer(['a']));
    };
    const request = { purpose: 'playback', streams: ['a'], reason: 'initial' } as const;
    const { signal } = new AbortController();
    await endpointSource({ url: URL, credentials: 'include', fetch }).request(request, { signal });
    const [{ signal: _, ...init } = {}] = sent;
    assert.deepEqual(init, tokenRequestInit(request, 'include'));
  });
});
