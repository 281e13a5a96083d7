import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customSource, GatecastError, type TokenFunction } from '@gatecast/token';
import type { FakeTokenBackend } from '../support/fake-token-backend.js';
import type { FakeTab, FakeTabOptions } from './support/fake-tabs.js';
import { useTabs } from './support/open-tabs.js';

const setUp = useTabs();

/** Lets time pass. Returns the milliseconds without a token of `a`. */
async function missingMs({ time }: FakeTokenBackend, tab: FakeTab, spanMs = 120_000): Promise<number> {
  let sumMs = 0;
  for (let left = spanMs; left > 0; left -= 200) {
    await time.advance(200);
    if (tab.value('a') === undefined) sumMs += 200;
  }
  return sumMs;
}

describe('a stream of one tab that the backend refuses', () => {
  for (const status of [400, 403, 404])
    for (const count of [1, 20])
      it(`leaves another tab its tokens: ${status}, of ${count}`, async () => {
        for (const lifeSeconds of [6, 20]) {
          const { backend, time, open } = setUp(0);
          backend.lifeSeconds = lifeSeconds;
          backend.latencyMs = 30;
          const one = open({ streams: ['a'] });
          const two = open({ streams: Array.from({ length: count }, (_, index) => `b${index}`) });
          for (const tab of [one, two]) tab.start();
          await time.advance(1000);
          backend.answer = ({ streams }, usual) =>
            streams.includes('b0') ? new Response(null, { status }) : usual();
          assert.equal(await missingMs(backend, one), 0);
          assert.deepEqual(one.recorder.failed, []);
          // The refused stream of the other tab is refused there, and the rest is well.
          assert.ok(two.recorder.failed.every(({ stream }) => stream === 'b0'));
        }
      });
});

const unreachable = new GatecastError('token-endpoint-unreachable', 'No response.', {
  hint: 'Look into the console.',
  retryable: true,
});

describe('a failure of one tab alone', () => {
  /** Two tabs; from a time on the requests of the second one fail. */
  const withOneBad = (
    fail: () => Promise<Response> | Response,
    options: FakeTabOptions,
    badStream: string,
  ) => {
    const { backend, open } = setUp(0, options);
    backend.latencyMs = 30;
    const state = { isBad: true };
    const good = open({ streams: ['a'] });
    const answer: TokenFunction = (request, more) =>
      state.isBad ? fail() : (backend.source.request(request, more) as Promise<Response>);
    const bad = open({ streams: [badStream], answer });
    return { backend, state, good, bad };
  };
  const shared: FakeTabOptions = { endpoint: null, sharedAs: 'watch' };
  const cases: [string, () => Promise<Response> | Response, FakeTabOptions][] = [
    ['endpoint that it cannot reach', () => Promise.reject(unreachable), {}],
    ...[401, 403, 404, 429, 503].map(
      (status): [string, () => Promise<Response> | Response, FakeTabOptions] => [
        `function that returns ${String(status)}`,
        () => new Response(null, { status }),
        shared,
      ],
    ),
  ];

  for (const [name, fail, options] of cases)
    for (const badStream of ['a', 'b'])
      it(`leaves the other one its tokens: ${name}, ${badStream}`, async () => {
        for (const lifeSeconds of [6, 20]) {
          const { backend, good, bad } = withOneBad(fail, options, badStream);
          backend.lifeSeconds = lifeSeconds;
          bad.start();
          await backend.time.advance(500);
          good.start();
          await backend.time.advance(500);
          assert.equal(await missingMs(backend, good), 0);
          assert.deepEqual(good.recorder.failed, []);
          assert.ok(
            backend.requests.length <= 120 / (lifeSeconds / 2),
            `${backend.requests.length} requests`,
          );
        }
      });

  for (const [name, fail, options] of cases)
    it(`lets the other one try after an outage of both: ${name}`, async () => {
      for (let outageMs = 20_000; outageMs < 80_000; outageMs += 13_000) {
        const { backend, state, good, bad } = withOneBad(fail, options, 'a');
        backend.lifeSeconds = 20;
        state.isBad = false;
        for (const tab of [good, bad]) tab.start();
        await backend.time.advance(1000);
        backend.answer = () =>
          options.endpoint === null ? new Response(null, { status: 503 }) : Promise.reject(unreachable);
        await backend.time.advance(outageMs);
        backend.answer = (_, usual) => usual();
        state.isBad = true;
        const ms = await missingMs(backend, good);
        assert.ok(ms <= 12_000, `${ms} ms without a token`);
        assert.equal(bad.value(), good.value());
      }
    });

  it('is asked for by five tabs about as often as by one, if it is one of all', async () => {
    const count = async (number: number) => {
      const { backend, time, start } = setUp(number);
      await start();
      const before = backend.requests.length;
      backend.answer = () => Promise.reject(unreachable);
      await time.advance(80_000);
      const first = backend.requests.length - before;
      await time.advance(120_000);
      return [first, backend.requests.length - before - first] as const;
    };
    const [one, five] = [await count(1), await count(5)];
    // Each tab tries it once.
    assert.ok(five[0] <= one[0] + 5 && five[1] <= one[1] + 2, `${String(five)} instead of ${String(one)}`);
  });
});

describe('a tab that gets another function', () => {
  const functionFor = (rights: string, { nowSeconds }: FakeTokenBackend, sharedAs: string | undefined) => {
    let minted = 0;
    const ask: TokenFunction = ({ streams }) => ({
      tokens: streams.map((stream) => ({
        stream,
        token: `${rights}-${String((minted += 1))}`,
        expiresAt: nowSeconds + 3600,
      })),
    });
    return Object.assign(ask, { sharedAs });
  };

  const move = async (sharedAs: string | undefined) => {
    const { backend, time, open } = setUp(0, { endpoint: null, sharedAs: 'watch', streams: ['a'] });
    const watch = functionFor('watch', backend, undefined);
    const [one, two] = [open({ answer: watch }), open({ answer: watch })];
    one.start();
    await time.advance(500);
    two.start();
    await time.advance(500);
    assert.equal(one.value(), two.value());
    const { scope = {} } = one.manager.source;
    one.manager.source = { ...customSource(functionFor('other', backend, sharedAs)), scope };
    const refresh = async (tab: FakeTab) => {
      await Promise.all([tab.manager.refresh('a'), time.advance(1000)]);
    };
    await refresh(one);
    return { one, two, refresh };
  };

  for (const sharedAs of ['admin', undefined])
    it(`shares no tokens any more with those of the first one: ${String(sharedAs)}`, async () => {
      const { one, two, refresh } = await move(sharedAs);
      assert.equal(one.value(), 'other-1');
      assert.equal(two.value(), 'watch-1');
      await refresh(two);
      assert.equal(one.value(), 'other-1');
      assert.equal(two.value(), 'watch-2');
    });

  it('shares its tokens as before, if it says the same', async () => {
    const { one, two } = await move('watch');
    assert.equal(one.value(), 'other-1');
    assert.equal(two.value(), 'other-1');
  });
});
