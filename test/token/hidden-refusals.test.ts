import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  fetchAuthorized,
  parsePlacement,
  requestMedia,
  TokenManager,
} from '@gatecast/token';
import { HiddenRefusals, type UnreadableAnswer } from '@gatecast/token/internal/request/hidden-refusals';
import { FakeClock } from '../support/fake-clock.js';

const ANSWER: UnreadableAnswer = {
  stream: 'a',
  version: 1,
  origin: 'https://cdn.example',
  hasWorked: true,
  isTokenOld: false,
  nowMs: 0,
};

/** Counts renewals. */
function setUpRules() {
  const hidden = new HiddenRefusals();
  let renewals = 0;
  const answer = (change: Partial<UnreadableAnswer>): Promise<boolean> =>
    hidden.renew({ ...ANSWER, ...change }, async () => {
      renewals += 1;
    });
  return { hidden, answer, renewals: () => renewals };
}

describe('an answer that cannot be read', () => {
  it('renews the token if the origin has accepted one before', async () => {
    const { answer, renewals } = setUpRules();
    assert.equal(await answer({}), true);
    assert.equal(renewals(), 1);
  });

  it('renews the token at the second failure of an origin that has accepted none', async () => {
    const { answer, renewals } = setUpRules();
    assert.equal(await answer({ hasWorked: false }), false);
    assert.equal(await answer({ hasWorked: false, origin: 'https://other.example' }), false);
    assert.equal(await answer({ hasWorked: false }), true);
    assert.equal(renewals(), 1);
  });

  it('renews at once a token of which half the life has passed', async () => {
    const { answer } = setUpRules();
    assert.equal(await answer({ hasWorked: false, isTokenOld: true }), true);
  });

  it('renews each token once, and one in 30 seconds at most', async () => {
    const { answer, renewals } = setUpRules();
    for (let second = 0; second < 300; second += 1)
      await answer({ nowMs: second * 1000, version: 1 + renewals() });
    assert.equal(renewals(), 10);
    const all = Array.from({ length: 20 }, () => answer({ nowMs: 300_000, version: 11 }));
    assert.deepEqual(new Set(await Promise.all(all)), new Set([true]));
    assert.equal(renewals(), 11, 'requests with the same token share a renewal');
  });

  it('waits three seconds for another token', async () => {
    const time = new FakeClock();
    let isRenewed: boolean | null = null;
    void new HiddenRefusals(time.clock)
      .renew(ANSWER, () => new Promise(() => undefined))
      .then((is) => (isRenewed = is));
    await time.advance(2900);
    assert.equal(isRenewed, null);
    await time.advance(200);
    assert.equal(isRenewed, false);
    assert.equal(time.timerCount, 0);
  });

  it('repeats no request if there is no other token', async () => {
    const { hidden } = setUpRules();
    assert.equal(await hidden.renew(ANSWER, () => Promise.reject(new Error('down'))), false);
  });
});

function setUp(placement = 'query:token', isCached = false) {
  const time = new FakeClock();
  const endsAt = Math.floor(time.wallMs / 1000) + 3600;
  const reasons: string[] = [];
  const events: string[] = [];
  const source = customSource(async ({ reason }) => {
    reasons.push(reason);
    const serial = isCached ? 1 : reasons.length;
    return { token: `token-number-${serial}`, expiresAt: endsAt + (isCached ? 0 : reasons.length) };
  });
  const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
  const lease = tokens.lease({ streams: ['a'], onEvent: ({ type }) => events.push(type) });
  const authorizer = new Authorizer({
    tokens,
    placement: parsePlacement(placement),
    origins: ['https://cdn.example'],
  });
  const sent: string[] = [];
  let isGood = (_token: string): boolean => true;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const token = `${input instanceof Request ? input.url : String(input)} ${new Headers(init?.headers).get('Authorization') ?? ''}`;
    sent.push(token);
    if (!isGood(token)) throw new TypeError('Failed to fetch');
    return new Response('#EXTM3U');
  };
  /** A request, with time that passes until it has ended. */
  const load = async (): Promise<unknown> => {
    const { signal } = new AbortController();
    const url = 'https://cdn.example/live/a.m3u8';
    const loaded = requestMedia(
      authorizer,
      { url, stream: 'a', responseType: 'text' },
      { signal, fetch },
    ).catch((error: unknown) => error);
    const isOver = { is: false };
    void loaded.then(() => (isOver.is = true));
    while (!isOver.is) {
      await new Promise((resolve) => setTimeout(resolve));
      await time.advance(20);
    }
    return loaded;
  };
  const accept = (rule: (token: string) => boolean): void => {
    isGood = rule;
  };
  return { time, reasons, events, tokens, lease, authorizer, sent, fetch, load, accept };
}

describe('a request whose refusal the browser hides', () => {
  for (const placement of ['query:token', 'header', 'path:/{token}{path}']) {
    it(`is repeated with a new token (${placement})`, async () => {
      const { load, accept, reasons, sent, lease } = setUp(placement);
      await load();
      accept((token) => token.includes('token-number-2'));
      assert.equal(Reflect.get((await load()) as object, 'data'), '#EXTM3U');
      assert.deepEqual(reasons, ['initial', 'rejected']);
      assert.equal(sent.length, 3);
      lease.release();
    });
  }

  it('is final with an error that names CORS, and the next failures request no token', async () => {
    const { load, accept, reasons, lease } = setUp();
    await load();
    accept(() => false);
    for (let count = 0; count < 10; count += 1) {
      const error = (await load()) as { code: string; hint: string };
      assert.equal(error.code, 'source-unreachable');
      assert.match(error.hint, /CORS/);
    }
    assert.deepEqual(reasons, ['initial', 'rejected']);
    lease.release();
  });

  it('keeps the old token and reports nothing if the backend has no other one', async () => {
    const { load, accept, reasons, events, tokens, time, lease } = setUp('query:token', true);
    await load();
    await time.advance(10_000);
    accept(() => false);
    await load();
    assert.deepEqual(reasons, ['initial', 'rejected']);
    assert.deepEqual(events, ['refreshed']);
    assert.equal(tokens.status('a').state, 'fresh');
    accept(() => true);
    assert.equal(Reflect.get((await load()) as object, 'data'), '#EXTM3U');
    lease.release();
  });

  it('asks once at the start, at the second failure', async () => {
    const { load, accept, reasons, lease } = setUp();
    accept(() => false);
    await load();
    assert.deepEqual(reasons, ['initial']);
    for (let count = 0; count < 10; count += 1) await load();
    assert.deepEqual(reasons, ['initial', 'rejected']);
    lease.release();
  });

  it('costs no token without a token, on the page’s origin, or while the browser is offline', async () => {
    const { load, accept, reasons, authorizer, lease } = setUp();
    await load();
    accept(() => false);
    const request = await authorizer.authorize('https://cdn.example/b', 'a');
    const bare = { ...request, version: null };
    assert.equal(await authorizer.replaceUnreadable('https://cdn.example/b', 'a', bare), null);
    for (const [name, value] of [
      ['location', { origin: 'https://cdn.example' }],
      ['navigator', { onLine: false }],
    ] as const) {
      const real = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { value, configurable: true });
      try {
        assert.equal(await authorizer.replaceUnreadable('https://cdn.example/b', 'a', request), null);
      } finally {
        if (real) Object.defineProperty(globalThis, name, real);
        else Reflect.deleteProperty(globalThis, name);
      }
    }
    assert.deepEqual(reasons, ['initial']);
    lease.release();
  });

  it('is repeated for a publisher, too', async () => {
    const { load, accept, reasons, authorizer, fetch, time, lease } = setUp('header');
    await load();
    accept((token) => token.includes('token-number-2'));
    const attempt = fetchAuthorized({ authorizer, url: 'https://cdn.example/whip/a', stream: 'a', fetch });
    while (reasons.length < 2) {
      await new Promise((resolve) => setTimeout(resolve));
      await time.advance(20);
    }
    assert.equal((await attempt).ok, true);
    assert.deepEqual(reasons, ['initial', 'rejected']);
    lease.release();
  });
});
