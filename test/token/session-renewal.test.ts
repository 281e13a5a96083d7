import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  customSource,
  TokenManager,
  tokenEndpoint,
  type RenewSession,
  type TokenEndpointOptions,
  type TokenPurpose,
} from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';
import { swallow } from './support/failing-manager.js';
import { fakeEndpoint } from './support/fake-endpoint.js';

const url = 'https://shop.example/token';

/** A page with a session that has ended, and managers as its players and webcasters have them. */
function page(renew: (session: { isValid: boolean }, options: { signal: AbortSignal }) => unknown) {
  const time = new FakeClock();
  const session = { isValid: false, renewals: 0 };
  const endpoint = fakeEndpoint(({ url }) =>
    session.isValid ? new Response(`token-of-${new URL(url).search}`) : new Response('', { status: 401 }),
  );
  const renewSession: RenewSession = (options) => {
    session.renewals += 1;
    return renew(session, options);
  };
  const options: TokenEndpointOptions = { url, method: 'GET', renewSession, fetch: endpoint.fetch };
  const open = (purpose: TokenPurpose = 'playback', others: Partial<TokenEndpointOptions> = {}) => {
    const source = customSource(tokenEndpoint({ ...options, ...others }), { clock: time.clock });
    return new TokenManager({ source, purpose, clock: time.clock, random: () => 0.5 });
  };
  return { time, session, sent: endpoint.sent, open };
}

/** The error code of each token, or `ok`. */
async function results(time: FakeClock, asked: readonly Promise<unknown>[]): Promise<string[]> {
  const found = asked.map(async (each) => (await swallow(each))?.code ?? 'ok');
  await time.advance(50);
  return Promise.all(found);
}

const works = (session: { isValid: boolean }) => {
  session.isValid = true;
};

describe('renewSession', () => {
  it('is called once for all streams of players and webcasters, and each request is repeated once', async () => {
    const { time, session, sent, open } = page(works);
    const [player, webcaster] = [open(), open('ingest', { credentials: 'include' })];
    const streams = ['a', 'b', 'c'];
    player.lease({ streams });
    webcaster.lease({ streams: ['in'] });
    const asked = [...streams.map((stream) => player.get(stream)), webcaster.get('in')];
    assert.deepEqual(await results(time, asked), ['ok', 'ok', 'ok', 'ok']);
    assert.equal(session.renewals, 1);
    assert.equal(sent.length, 8);
  });

  it('is called for the events of the endpoint, too, which are then asked for once more', async () => {
    for (const result of [true, false]) {
      let isValid = false;
      const { fetch, sent } = fakeEndpoint(() =>
        isValid ? new Response(': hello\n\n') : new Response('', { status: 401 }),
      );
      const renewSession = () => (isValid = result);
      const { listen } = tokenEndpoint({ url, method: 'GET', renewSession, fetch });
      const question = { purpose: 'playback', streams: ['a'] } as const;
      const response = await listen?.(question, { signal: new AbortController().signal });
      assert.equal(response?.status, result ? 200 : 401);
      assert.equal(sent.length, result ? 2 : 1);
    }
  });

  it('is not called for a refusal that arrives after the session was renewed for another request', async () => {
    const session = { isValid: false, renewals: 0 };
    let refuseLate: (response: Response) => void = () => undefined;
    const late = new Promise<Response>((resolve) => (refuseLate = resolve));
    let isFirst = true;
    const { fetch, sent } = fakeEndpoint(({ url }) => {
      if (url.endsWith('slow') && isFirst) {
        isFirst = false;
        return late;
      }
      return session.isValid ? new Response('opaque-token') : new Response('', { status: 401 });
    });
    const renewSession = () => {
      session.renewals += 1;
      session.isValid = true;
    };
    const source = tokenEndpoint({ url, method: 'GET', renewSession, fetch });
    const { signal } = new AbortController();
    const get = (stream: string) =>
      Promise.resolve(source({ purpose: 'playback', streams: [stream], reason: 'initial' }, { signal }));
    const slow = get('slow');
    assert.equal(await get('quick'), 'opaque-token');
    refuseLate(new Response('', { status: 401 }));
    assert.equal(await slow, 'opaque-token');
    assert.equal(session.renewals, 1);
    assert.equal(sent.length, 4);
  });

  it('a second 401 is final: no request follows for minutes', async () => {
    const { time, session, sent, open } = page(() => undefined);
    const manager = open();
    manager.lease({ streams: ['a'] });
    assert.deepEqual(await results(time, [manager.get('a')]), ['token-refused']);
    for (let second = 0; second < 120; second += 1) {
      void swallow(manager.get('a'));
      await time.advance(1000);
    }
    assert.equal(session.renewals, 1);
    assert.equal(sent.length, 2);
  });

  for (const [name, result] of [
    ['false', () => false],
    ['a response with 401', () => new Response('', { status: 401 })],
    ['a response with 400', () => Response.json({ error: 'invalid_grant' }, { status: 400 })],
  ] as const)
    it(`${name} is final: the request is not repeated`, async () => {
      const { time, session, sent, open } = page(result);
      const manager = open();
      manager.lease({ streams: ['a'] });
      assert.deepEqual(await results(time, [manager.get('a')]), ['token-refused']);
      await time.advance(120_000);
      assert.equal(session.renewals, 1);
      assert.equal(sent.length, 1);
    });

  it('a good response renews the session', async () => {
    const { time, open } = page((session) => {
      session.isValid = true;
      return new Response(null, { status: 204 });
    });
    const manager = open();
    manager.lease({ streams: ['a'] });
    assert.deepEqual(await results(time, [manager.get('a')]), ['ok']);
  });

  it('a failed response is tried again, and its Retry-After counts', async () => {
    const { time, session, sent, open } = page((session) => {
      session.isValid = true;
      return new Response('', { status: 503, headers: { 'Retry-After': '30' } });
    });
    const manager = open();
    manager.lease({ streams: ['a'] });
    void swallow(manager.get('a'));
    await time.advance(25_000);
    assert.equal(sent.length, 1);
    await time.advance(10_000);
    assert.deepEqual(await results(time, [manager.get('a')]), ['ok']);
    assert.equal(sent.length, 2);
    assert.equal(session.renewals, 1);
  });

  it('an error of it is tried again with backoff, never in a loop', async () => {
    const { time, session, open } = page(() => {
      throw new Error('The sign-in cannot be reached.');
    });
    const manager = open();
    manager.lease({ streams: ['a'] });
    void swallow(manager.get('a'));
    for (let second = 0; second < 60; second += 1) {
      void swallow(manager.get('a'));
      await time.advance(1000);
    }
    assert.ok(session.renewals > 1 && session.renewals <= 13, `${session.renewals} calls in a minute`);
  });

  it('goes on for a second element when the first one leaves, and is aborted when the last one leaves', async () => {
    const signals: AbortSignal[] = [];
    const { time, session, open } = page((_, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const [first, second] = [open(), open()];
    const leases = [first.lease({ streams: ['a'] }), second.lease({ streams: ['b'] })];
    void swallow(first.get('a'));
    void swallow(second.get('b'));
    await time.advance(20);
    leases[0]?.release();
    await time.advance(20);
    assert.deepEqual([session.renewals, signals[0]?.aborted], [1, false]);
    leases[1]?.release();
    await time.advance(20);
    assert.equal(signals[0]?.aborted, true);
    assert.equal(time.clock.pending, 0);
    // The next element asks for the session again.
    const third = open();
    const lease = third.lease({ streams: ['c'] });
    void swallow(third.get('c'));
    await time.advance(20);
    lease.release();
    assert.equal(session.renewals, 2);
  });
});

describe('a request for each stream', () => {
  /** `b` fails at first. */
  function failing(status: number) {
    const time = new FakeClock();
    let isDown = true;
    const { fetch, sent } = fakeEndpoint(({ url }) =>
      url.endsWith('b') && isDown ? new Response('', { status }) : new Response(`token-${url.slice(-1)}`),
    );
    const source = customSource(tokenEndpoint({ url, method: 'GET', fetch }), { clock: time.clock });
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
    return { time, sent, manager, recover: () => (isDown = false) };
  }

  it('are sent side by side, and a failed one does not hold up the others', async () => {
    const { time, sent, manager, recover } = failing(503);
    manager.lease({ streams: ['a', 'b', 'c'] });
    const [a, b, c] = ['a', 'b', 'c'].map((stream) => manager.get(stream));
    await time.advance(20);
    assert.equal(sent.length, 3);
    assert.deepEqual([(await a)?.value, (await c)?.value], ['token-a', 'token-c']);
    recover();
    await time.advance(6000);
    assert.equal((await b)?.value, 'token-b');
    assert.equal(sent.length, 4);
  });

  it('a refused stream gets no second request, and the others have their tokens', async () => {
    const { time, sent, manager } = failing(403);
    manager.lease({ streams: ['a', 'b', 'c'] });
    const asked = ['a', 'b', 'c'].map((stream) => manager.get(stream));
    assert.deepEqual(await results(time, asked), ['ok', 'token-refused', 'ok']);
    await time.advance(60_000);
    assert.equal(sent.length, 3);
  });

  it('are few at a time for many streams, and all get their tokens', async () => {
    const time = new FakeClock();
    let [open, most] = [0, 0];
    const { fetch, sent } = fakeEndpoint(async ({ url }) => {
      most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return new Response(`token-${url.slice(-2)}`);
    });
    const source = customSource(tokenEndpoint({ url, method: 'GET', fetch }), { clock: time.clock });
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
    const streams = Array.from({ length: 20 }, (_, index) => String(index + 10));
    manager.lease({ streams });
    const tokens = Promise.all(streams.map((stream) => manager.get(stream)));
    for (let step = 0; step < 100 && sent.length < streams.length; step += 1) {
      await time.advance(10);
      await new Promise(setImmediate);
    }
    assert.deepEqual(
      (await tokens).map(({ value }) => value),
      streams.map((stream) => `token-${stream}`),
    );
    assert.equal(sent.length, 20);
    assert.ok(most <= 6, `${most} at a time`);
  });

  it('a page that hides that the function is for each stream alone is told so', async () => {
    const time = new FakeClock();
    const { fetch, sent } = fakeEndpoint(() => new Response('opaque-token'));
    const endpoint = tokenEndpoint({ url, fetch });
    const source = customSource((...args) => endpoint(...args), { clock: time.clock });
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
    manager.lease({ streams: ['a', 'b'] });
    assert.deepEqual(await results(time, [manager.get('a'), manager.get('b')]), [
      'option-invalid',
      'option-invalid',
    ]);
    assert.equal(sent.length, 0);
  });

  it('one request for all with batch', async () => {
    const time = new FakeClock();
    const { fetch, sent } = fakeEndpoint(({ body }) => {
      const { streams } = JSON.parse(body ?? '') as { streams: string[] };
      return Response.json({ tokens: streams.map((stream) => ({ stream, token: `token-${stream}` })) });
    });
    const source = customSource(tokenEndpoint({ url, batch: true, fetch }), { clock: time.clock });
    const manager = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
    manager.lease({ streams: ['a', 'b'] });
    assert.deepEqual(await results(time, [manager.get('a'), manager.get('b')]), ['ok', 'ok']);
    assert.equal(sent.length, 1);
  });
});
