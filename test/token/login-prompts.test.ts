import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, customSource, parsePlacement, requestMedia, TokenManager } from '@gatecast/token';
import { LoginPrompts, type OwnRequest } from '@gatecast/token/internal/request/login-prompts';
import { FakeClock } from '../support/fake-clock.js';

const CHALLENGE = { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } };

/** An origin whose answers to requests without credentials a test chooses, by the version of the token. */
function setUp(withoutCredentials: (version: number) => ResponseInit) {
  const time = new FakeClock();
  const prompts = new LoginPrompts(time.clock);
  const sent: string[] = [];
  const request = (version: number): OwnRequest => ({
    url: 'https://page.example/live/0.ts',
    init: {},
    version,
    fetch: async (_, init) => {
      sent.push(`${version} ${init?.credentials ?? 'default'}`);
      return new Response(null, withoutCredentials(version));
    },
  });
  return { time, prompts, sent, request };
}

const never = new Promise<Response>(() => undefined);

describe('a request to the page’s own origin that has had no answer for a while', () => {
  it('is refused if the origin refuses it without credentials and asks for a login', async () => {
    const { prompts, request } = setUp(() => CHALLENGE);
    let isCancelled = false;
    const response = await prompts.answer(request(1), never, () => (isCancelled = true));
    assert.equal(response.status, 401);
    assert.ok(isCancelled, 'the dialog stays open');
  });

  for (const [title, answer] of [
    ['is answered without credentials', { status: 200 }],
    ['is refused without a question', { status: 401 }],
    ['is refused as browsers do not ask for', { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } }],
    ['is forbidden', { status: 403, headers: { 'WWW-Authenticate': 'Basic' } }],
  ] as const) {
    it(`is waited for if it ${title}, and the next one in 30 s is not sent twice`, async () => {
      const { prompts, request, sent, time } = setUp(() => answer);
      const slow = new Promise<Response>((resolve) => setTimeout(resolve, 5, new Response('late')));
      const answered = async (): Promise<string> =>
        (
          await prompts.answer(
            request(1),
            slow.then((response) => response.clone()),
            () => assert.fail(),
          )
        ).text();
      assert.equal(await answered(), 'late');
      await answered();
      assert.equal(sent.length, 1);
      await time.advance(31_000);
      await answered();
      assert.equal(sent.length, 2);
    });
  }

  it('is asked for past the cache, where it would wait for the request with credentials', async () => {
    const { prompts, request } = setUp(() => CHALLENGE);
    const caches: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      caches.push(init?.cache);
      return new Response(null, CHALLENGE);
    };
    await prompts.answer({ ...request(1), fetch }, never, () => undefined);
    assert.deepEqual(caches, ['no-store']);
  });

  it('is refused together with others that wait at the same time', async () => {
    const { prompts, request, sent } = setUp(() => CHALLENGE);
    let cancelled = 0;
    const answers = [1, 2, 3].map(() => prompts.answer(request(1), never, () => (cancelled += 1)));
    for (const { status } of await Promise.all(answers)) assert.equal(status, 401);
    assert.equal(cancelled, 3, 'dialogs stay open');
    assert.equal(sent.length, 3);
  });

  it('is not sent twice if it is answered while another one finds out', async () => {
    const { prompts, request, sent } = setUp(() => ({ status: 200 }));
    const first = prompts.answer(request(1), Promise.resolve(new Response('a')), () => assert.fail());
    const second = prompts.answer(request(1), Promise.resolve(new Response('b')), () => assert.fail());
    assert.equal(await (await first).text(), 'a');
    assert.equal(await (await second).text(), 'b');
    assert.equal(sent.length, 1);
  });

  it('goes without credentials from then on, if the next token works so', async () => {
    const { prompts, request } = setUp((version) => (version === 1 ? CHALLENGE : { status: 200 }));
    assert.equal(await prompts.send(request(1)), null);
    await prompts.answer(request(1), never, () => undefined);
    assert.equal((await prompts.send(request(1)))?.status, 401, 'the refused token tells nothing');
    assert.equal((await prompts.send(request(2)))?.status, 200);
    assert.equal((await prompts.send(request(1)))?.status, 401);
  });

  it('keeps its credentials if the origin needs them, and is then only waited for', async () => {
    const { prompts, request, sent } = setUp(() => CHALLENGE);
    await prompts.answer(request(1), never, () => undefined);
    assert.equal(await prompts.send(request(2)), null);
    sent.length = 0;
    assert.equal(await prompts.send(request(2)), null);
    const late = new Response('late');
    assert.equal(await prompts.answer(request(3), Promise.resolve(late), () => assert.fail()), late);
    assert.deepEqual(sent, []);
  });
});

describe('a media request for whose refusal the browser asks for a login', () => {
  it('is repeated with a new token after two seconds, and the next refusal is seen at once', async () => {
    const time = new FakeClock();
    let serial = 0;
    const source = customSource(async () => ({ token: `token-number-${(serial += 1)}` }));
    const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    const lease = tokens.lease({ streams: ['a'] });
    const origin = 'https://page.example';
    const authorizer = new Authorizer({
      tokens,
      placement: parsePlacement('query:token'),
      origins: [origin],
    });
    const sent: string[] = [];
    let refused = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      const token = Number(/\d+$/.exec(url)?.[0]);
      sent.push(`${token} ${init?.credentials ?? 'default'}`);
      if (token > refused) return new Response('#EXTM3U');
      if (init?.credentials === 'omit') return new Response(null, CHALLENGE);
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => {
          sent.push(`${token} closed`);
          reject(new DOMException('aborted', 'AbortError'));
        });
      });
    };
    /** Milliseconds until a request has succeeded. */
    const load = async (): Promise<number> => {
      const startedAtMs = time.wallMs;
      const state = { isOver: false };
      const { signal } = new AbortController();
      const request = { url: `${origin}/live/a.m3u8`, stream: 'a', responseType: 'text' } as const;
      const loaded = requestMedia(authorizer, request, { signal, fetch, clock: time.clock });
      void loaded.then(() => (state.isOver = true));
      while (!state.isOver) {
        await new Promise((resolve) => setTimeout(resolve));
        await time.advance(20);
      }
      return time.wallMs - startedAtMs;
    };
    Object.defineProperty(globalThis, 'location', { value: { origin }, configurable: true });
    try {
      await load();
      refused = 1;
      assert.ok((await load()) >= 2000);
      assert.deepEqual(sent, ['1 default', '1 default', '1 omit', '1 closed', '2 omit']);
      refused = 2;
      assert.ok((await load()) < 2000);
      assert.deepEqual(sent.slice(5), ['2 omit', '3 omit']);
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
      lease.release();
    }
  });
});
