import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import {
  GatecastError,
  TokenManager,
  customSource,
  endpointSource,
  tokenEndpoint,
  type TokenEndpointOptions,
  type TokenFunction,
  type TokenSource,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { swallow } from '../token/support/failing-manager.js';
import { fakeEndpoint, type SentRequest } from '../token/support/fake-endpoint.js';
import { endpointBackends, type EndpointBackend } from './support/endpoint-backends.js';
import { endpointPage, recipesOf } from './support/endpoint-recipes.js';

/** A recipe is copied as it is, so it must fit into a glance. */
const MOST_LINES = 10;
const PAGE = 'https://shop.example/watch';

const backends = () => endpointBackends((stream) => `token-${stream}`);

/** The source that a recipe sets, with a `fetch` that asks the backend. */
function run(
  code: string,
  backend: EndpointBackend,
  time: FakeClock,
): { source: TokenSource; sent: SentRequest[] } {
  const endpoint = fakeEndpoint(backend);
  // As the browser resolves it.
  const fetch: typeof globalThis.fetch = (input, init) =>
    endpoint.fetch(new URL(input instanceof Request ? input.url : input, PAGE), init);
  const [, tokenUrl] = / token-url="([^"]+)"/.exec(code) ?? [];
  if (tokenUrl !== undefined) {
    const url = new URL(tokenUrl, PAGE).href;
    return { source: endpointSource({ url, clock: time.clock, fetch }), sent: endpoint.sent };
  }
  const player: { tokenSource?: TokenFunction } = {};
  runInNewContext(code.replace(/^import .*$/m, ''), {
    ...{ player, fetch, GatecastError },
    tokenEndpoint: (options: TokenEndpointOptions) => tokenEndpoint({ ...options, fetch }),
    // What the recipes take from their page.
    getSession: () => Promise.resolve('session-1'),
    hasTicket: () => Promise.resolve(false),
    document: {
      querySelector: (name: string) => (name === 'secure-player' ? player : { content: 'csrf-1' }),
    },
  });
  const { tokenSource } = player;
  assert.ok(tokenSource, 'the recipe sets no tokenSource');
  return { source: customSource(tokenSource, { clock: time.clock }), sent: endpoint.sent };
}

/** A manager with the recipe as its source, and the streams leased. */
function open(code: string, backend: EndpointBackend, streams = ['demo']) {
  const time = new FakeClock();
  const { source, sent } = run(code, backend, time);
  const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
  manager.lease({ streams });
  const get = async (stream: string) => {
    const token = manager.get(stream);
    token.catch(() => undefined);
    await time.advance(20);
    return (await token).value;
  };
  return { time, manager, sent, get };
}

describe('the recipes for an existing endpoint', () => {
  // Addresses of the recipes are relative to the page.
  before(() => Object.assign(globalThis, { document: { baseURI: PAGE } }));
  after(() => Reflect.deleteProperty(globalThis, 'document'));

  it('are all that the list at the top of the page names', () => {
    const list = endpointPage.slice(
      endpointPage.indexOf('| ---'),
      endpointPage.indexOf('\n\nWith the script tag'),
    );
    const linked = [...list.matchAll(/\]\(#_?([\w-]+)\)/g)].map(([, anchor]) => anchor);
    const anchors = Object.keys(backends()).map((heading) => heading.toLowerCase().replaceAll(/[ _]/g, '-'));
    assert.deepEqual(linked.sort(), anchors.sort());
  });

  for (const heading of Object.keys(backends())) {
    const [code = ''] = recipesOf(heading);

    it(`${heading}: at most ten lines`, () => {
      assert.equal(recipesOf(heading).length, 1);
      const lines = code.trim().split('\n').length;
      assert.ok(lines <= MOST_LINES, `${lines} lines`);
    });

    it(`${heading}: gets and renews tokens, for one stream and for several`, async () => {
      const backend = backends()[heading] ?? assert.fail();
      const { time, sent, manager, get } = open(code, backend);
      assert.equal(await get('demo'), 'token-demo');
      for (const { signal } of sent) assert.ok(signal instanceof AbortSignal);
      const before = sent.length;
      manager.refresh('demo').catch(() => undefined);
      await time.advance(20);
      assert.ok(sent.length > before);
      if (!code.includes('tokenEndpoint')) return;
      const several = open(code, backend, ['a', 'b']);
      assert.deepEqual(await Promise.all([several.get('a'), several.get('b')]), ['token-a', 'token-b']);
    });

    it(`${heading}: stops at 401, as with token-url`, async () => {
      const refuse = () => Response.json({ code: 'unauthenticated' }, { status: 401 });
      const { time, manager, sent } = open(code, refuse);
      for (let second = 0; second < 60; second += 1) {
        void swallow(manager.get('demo'));
        await time.advance(1000);
      }
      assert.equal(sent.length, code.includes('renewSession') ? 2 : 1);
    });

    it(`${heading}: waits for Retry-After`, async () => {
      const busy = () => new Response('', { status: 503, headers: { 'Retry-After': '30' } });
      const { time, manager, sent } = open(code, busy);
      void swallow(manager.get('demo'));
      await time.advance(45_000);
      assert.equal(sent.length, 2);
    });
  }

  it('a session that has ended is renewed once for two streams', async () => {
    const heading = '401 when your session has ended';
    const backend = backends()[heading] ?? assert.fail();
    const { sent, get } = open(recipesOf(heading)[0] ?? '', backend, ['a', 'b']);
    await Promise.all([get('a'), get('b')]);
    assert.equal(sent.filter(({ url }) => url.endsWith('/session/renew')).length, 1);
    assert.equal(sent.length, 5);
  });
});

describe('a function for any other endpoint', () => {
  const [function_ = '', error = ''] = recipesOf('Any other endpoint');

  it('gets the token that it takes out of the response', async () => {
    const { get } = open(function_, () => Response.json({ data: { playback: { jwt: 'token-demo' } } }));
    assert.equal(await get('demo'), 'token-demo');
  });

  it('reports a GatecastError of the page as it is', async () => {
    const { sent, get } = open(error, () => new Response('token-demo'));
    const found = await swallow(get('demo'));
    assert.equal(found?.code, 'token-refused');
    assert.equal(found.message, 'This viewer has no ticket.');
    assert.equal(sent.length, 0);
  });
});
