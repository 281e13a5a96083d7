import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

/** A recipe is copied as it is, so it must fit into a glance. */
const MOST_LINES = 10;
const PAGE = 'https://shop.example/watch';

const text = readFileSync(new URL('../../demo/docs/guide/your-endpoint.md', import.meta.url), 'utf8');

/** The code of a section, without its examples of responses. */
function codeOf(heading: string): readonly string[] {
  const [section] = text.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  assert.ok(section, `The page has no section "${heading}".`);
  return [...section.matchAll(/^```(?:js|html)\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

/** What a backend of the page does with a request. It is as strict as those that the recipes are for. */
type Backend = (request: SentRequest) => Response | Promise<Response>;

const streamOf = ({ url, body }: SentRequest): string => {
  const fromQuery = new URL(url).searchParams.get('stream');
  return fromQuery ?? (JSON.parse(body ?? '') as { streams: string[] }).streams.join();
};
const allow = (isAllowed: boolean, status: number, response: () => Response) =>
  isAllowed ? response() : new Response('', { status });
const hasPath = ({ url }: SentRequest, path: string) => new URL(url).pathname === path;

let renewals = 0;

const recipes: Record<string, Backend> = {
  'POST that responds with token': (request) =>
    allow(request.method === 'POST' && hasPath(request, '/my/token'), 405, () =>
      Response.json({ token: `token-${streamOf(request)}` }),
    ),
  'expires_in instead of a time': (request) =>
    Response.json({ access_token: `token-${streamOf(request)}`, token_type: 'Bearer', expires_in: 300 }),
  'GET only': (request) =>
    allow(request.method === 'GET' && hasPath(request, '/my/token'), 405, () =>
      Response.json({ token: `token-${streamOf(request)}` }),
    ),
  'The token is deep in the JSON': (request) =>
    Response.json({ data: { playback: { jwt: `token-${streamOf(request)}` } } }),
  GraphQL: (request) => {
    const { query, variables } = JSON.parse(request.body ?? '') as {
      query: string;
      variables: { stream: string };
    };
    return allow(
      hasPath(request, '/graphql') &&
        request.contentType === 'application/json' &&
        query.startsWith('query ($stream: ID!)'),
      400,
      () => Response.json({ data: { playback: { jwt: `token-${variables.stream}` } } }),
    );
  },
  'An Authorization header': (request) =>
    allow(request.headers.get('Authorization') === 'Bearer session-1', 401, () =>
      Response.json({ token: `token-${streamOf(request)}` }),
    ),
  'A CSRF header': (request) =>
    allow(request.headers.get('X-CSRF-Token') === 'csrf-1', 403, () =>
      Response.json({ token: `token-${streamOf(request)}` }),
    ),
  '401 when your session has ended': (request) => {
    if (hasPath(request, '/session/renew')) {
      renewals += 1;
      return new Response(null, { status: 204 });
    }
    return allow(renewals > 0, 401, () => Response.json({ token: `token-${streamOf(request)}` }));
  },
  'One address for each stream': ({ url, method }) => {
    const [, stream = ''] = /^\/streams\/([^/]+)\/token$/.exec(new URL(url).pathname) ?? [];
    return allow(method === 'GET' && stream !== '', 404, () => new Response(`token-${stream}`));
  },
};

/** The source that a recipe sets, with a `fetch` that asks the backend. */
function run(code: string, backend: Backend, time: FakeClock): { source: TokenSource; sent: SentRequest[] } {
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
function open(code: string, backend: Backend, streams = ['demo']) {
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
    const list = text.slice(text.indexOf('| ---'), text.indexOf('\n\nWith the script tag'));
    const linked = [...list.matchAll(/\]\(#_?([\w-]+)\)/g)].map(([, anchor]) => anchor);
    const anchors = Object.keys(recipes).map((heading) => heading.toLowerCase().replaceAll(/[ _]/g, '-'));
    assert.deepEqual(linked.sort(), anchors.sort());
  });

  for (const [heading, backend] of Object.entries(recipes)) {
    const [code = ''] = codeOf(heading);

    it(`${heading}: at most ten lines`, () => {
      assert.equal(codeOf(heading).length, 1);
      const lines = code.trim().split('\n').length;
      assert.ok(lines <= MOST_LINES, `${lines} lines`);
    });

    it(`${heading}: gets and renews tokens, for one stream and for several`, async () => {
      renewals = 0;
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
    renewals = 0;
    const heading = '401 when your session has ended';
    const { sent, get } = open(codeOf(heading)[0] ?? '', recipes[heading] ?? assert.fail(), ['a', 'b']);
    await Promise.all([get('a'), get('b')]);
    assert.equal(renewals, 1);
    assert.equal(sent.length, 5);
  });
});

describe('a function for any other endpoint', () => {
  const [function_ = '', error = ''] = codeOf('Any other endpoint');

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
