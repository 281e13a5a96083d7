import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { GatecastError, TokenManager, customSource, type TokenFunction } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { swallow } from '../token/support/failing-manager.js';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

const page = readFileSync(new URL('../../demo/docs/guide/token-endpoint.md', import.meta.url), 'utf8');
const [, section = ''] = /^## Your own requests\n([\s\S]*?)^## /m.exec(page) ?? [];
const blocks = [...section.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

/** What the recipes take from their page. */
const surroundings = {
  getSession: () => Promise.resolve('session-1'),
  hasTicket: () => Promise.resolve(false),
  document: { querySelector: () => ({ content: 'csrf-1' }) },
  GatecastError,
};

/** The function that a recipe sets, with a `fetch` that records its requests. */
function run(code: string, answer: (sent: Sent) => Response): { tokenFunction: TokenFunction; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return Promise.resolve(answer({ url, init }));
  };
  const player: { tokenSource?: TokenFunction } = {};
  runInNewContext(code.replace(/^import .*$/m, ''), { player, fetch, ...surroundings });
  return { tokenFunction: player.tokenSource ?? assert.fail('the recipe sets no tokenSource'), sent };
}

/** A manager with the recipe as its source, and the streams leased. */
function open(code: string, streams: readonly string[], answer: (sent: Sent) => Response) {
  const time = new FakeClock();
  const { tokenFunction, sent } = run(code, answer);
  const source = customSource(tokenFunction, { clock: time.clock });
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

const headerOf = ({ init }: Sent, name: string) => new Headers(init.headers).get(name);

interface Recipe {
  readonly streams: readonly string[];
  /** A good answer. */
  readonly answer: (sent: Sent) => Response;
  readonly check: (sent: readonly Sent[]) => void;
}

const posted = { streams: ['a'], answer: () => new Response('token-a') };

const recipes: Record<string, Recipe> = {
  'a GET request': {
    streams: ['a&b'],
    answer: () => new Response('token-a&b'),
    check: ([sent]) => assert.equal(sent?.url, '/my/token?stream=a%26b'),
  },
  'a header': {
    ...posted,
    check: ([sent]) => assert.equal(sent && headerOf(sent, 'Authorization'), 'Bearer session-1'),
  },
  'a CSRF token': {
    ...posted,
    check: ([sent]) => assert.equal(sent && headerOf(sent, 'X-CSRF-Token'), 'csrf-1'),
  },
  'a nested answer': {
    streams: ['a'],
    answer: () => Response.json({ data: { playback: { jwt: 'token-a' } } }),
    check: (sent) => assert.equal(sent.length, 1),
  },
  'a request for each stream': {
    streams: ['a', 'b'],
    answer: ({ url }) => new Response(`token-${url.slice(-1)}`),
    check: (sent) => assert.equal(sent.length, 2),
  },
};

describe('the recipes for tokenSource in the guide', () => {
  it('are those that are tested here', () => {
    assert.equal(blocks.length, Object.keys(recipes).length + 1);
  });

  for (const [index, [name, { streams, answer, check }]] of Object.entries(recipes).entries()) {
    const code = blocks[index] ?? '';

    it(`${name}: gets tokens`, async () => {
      const { sent, get } = open(code, streams, answer);
      for (const stream of streams) assert.equal(await get(stream), `token-${stream}`);
      check(sent);
      for (const { init } of sent) {
        assert.ok(init.signal instanceof AbortSignal);
        if (init.method !== 'POST') continue;
        assert.equal(headerOf({ url: '', init }, 'Content-Type'), 'application/json');
        assert.deepEqual(JSON.parse(init.body as string), {
          purpose: 'playback',
          streams,
          reason: 'initial',
        });
      }
    });

    it(`${name}: stops at 401, as with token-url`, async () => {
      const { time, manager, sent } = open(code, ['a'], () =>
        Response.json({ code: 'unauthenticated' }, { status: 401 }),
      );
      for (let second = 0; second < 60; second += 1) {
        void swallow(manager.get('a'));
        await time.advance(1000);
      }
      assert.equal(sent.length, 1);
    });

    it(`${name}: waits for Retry-After`, async () => {
      const headers = { 'Retry-After': '30' };
      const { time, manager, sent } = open(code, ['a'], () => new Response('', { status: 503, headers }));
      void swallow(manager.get('a'));
      await time.advance(45_000);
      assert.equal(sent.length, 2);
    });
  }

  it('a GatecastError of the page: is reported as it is', async () => {
    const { sent, get } = open(blocks.at(-1) ?? '', ['a'], () => new Response('token-a'));
    const error = await swallow(get('a'));
    assert.equal(error?.code, 'token-refused');
    assert.equal(error.message, 'This viewer has no ticket.');
    assert.equal(sent.length, 0);
  });
});
