import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorText } from '@gatecast/element';
import {
  Authorizer,
  customSource,
  endpointSource,
  fetchAuthorized,
  GatecastError,
  parsePlacement,
  TokenManager,
  type TokenPurpose,
} from '@gatecast/token';
// Loaded before, so that no test waits for it.
import { readAccessEnd } from '@gatecast/token/internal/source/read-access-end';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder } from '../support/fake-token-backend.js';
import { swallow } from './support/failing-manager.js';

const HOUR_MS = 3_600_000;
const CDN = 'https://cdn.example';

function problem(body: unknown, { status = 403, type = 'application/problem+json' } = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': type },
  });
}

/** A manager on an endpoint whose next response can be set. */
function setUp(streams: readonly string[] = ['a'], purpose: TokenPurpose = 'playback') {
  const time = new FakeClock();
  const refusal: (streams: string) => Response | null = () => null;
  const world = { refusal, asked: 0, streams: [] as string[] };
  const fetch: typeof globalThis.fetch = (_, init) => {
    world.asked += 1;
    const body = JSON.parse(init?.body as string) as { streams: string[] };
    const asked = body.streams.join();
    world.streams.push(asked);
    const nowSeconds = Math.floor(time.wallMs / 1000);
    const tokens = streams.map((stream) => ({
      stream,
      token: `${stream}-${String(world.asked)}`,
      expiresAt: nowSeconds + 60,
    }));
    return Promise.resolve(world.refusal(asked) ?? Response.json({ tokens, serverTime: nowSeconds }));
  };
  const source = endpointSource({ url: 'https://shop.example/api/tokens', fetch, clock: time.clock });
  const manager = new TokenManager({ source, purpose, clock: time.clock, random: () => 0.5 });
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams, onEvent: recorder.onEvent });
  const pass = async (ms = 50): Promise<void> => {
    await time.advance(ms);
    // The code that reads problem documents is imported, by another thread of Node.
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    await time.advance(10);
  };
  return { time, world, manager, recorder, lease, pass };
}

async function refusedWith(body: unknown, options?: { status?: number; type?: string }) {
  const { world, manager, pass } = setUp();
  world.refusal = () => problem(body, options);
  const error = swallow(manager.get('a'));
  await pass();
  return { error: await error, asked: world.asked };
}

describe('a token endpoint that ends the access', () => {
  for (const code of ['revoked', 'concurrent-limit', 'moved'] as const) {
    it(`gives the error ${code}, and is asked no more`, async () => {
      const { time, world, manager, recorder, pass } = setUp(['a', 'b']);
      const tokens = Promise.all([manager.get('a'), manager.get('b')]);
      await pass();
      await tokens;
      world.refusal = () => problem({ code, reason: 'Signed out by the operator.' });
      await pass(50_000);
      const asked = world.asked;
      assert.equal(asked, 4, 'one request for both streams, then one for each alone');
      await time.advance(HOUR_MS);
      const error = await swallow(manager.get('a'));
      assert.equal(error?.code, code);
      assert.equal(error.reason, 'Signed out by the operator.');
      assert.equal(error.status, 403);
      assert.equal(world.asked, asked);
      assert.equal(manager.peek('a'), null, 'the old token is not used again');
      assert.deepEqual(recorder.failed.map(({ stream, willRetryInMs }) => [stream, willRetryInMs]).sort(), [
        ['a', null],
        ['b', null],
      ]);
      world.refusal = () => null;
      const refreshed = manager.refresh('a');
      await pass();
      assert.equal((await refreshed).version > 0, true);
      assert.equal(manager.status('a').state, 'fresh');
    });
  }

  it('for one stream of a request does not end the others', async () => {
    const { time, world, manager, recorder, pass } = setUp(['winner', 'loser']);
    const tokens = Promise.all([manager.get('winner'), manager.get('loser')]);
    await pass();
    await tokens;
    world.refusal = (streams) => (streams.includes('loser') ? problem({ code: 'concurrent-limit' }) : null);
    await pass(50_000);
    assert.deepEqual(world.streams.slice(1), ['winner,loser', 'winner', 'loser']);
    assert.deepEqual([manager.status('winner').state, manager.status('loser').state], ['fresh', 'failed']);
    assert.deepEqual(
      recorder.failed.map(({ stream, error }) => [stream, error.code]),
      [['loser', 'concurrent-limit']],
    );
    await time.advance(HOUR_MS);
    const later = world.streams.slice(4);
    assert.ok(
      later.length > 0 && later.every((streams) => streams === 'winner'),
      'only the winner is renewed',
    );
  });

  it('after other failures still does not end the others', async () => {
    const { world, manager, pass } = setUp(['winner', 'loser']);
    world.refusal = () => new Response(null, { status: 503 });
    swallow(manager.get('winner')).catch(() => undefined);
    swallow(manager.get('loser')).catch(() => undefined);
    await pass();
    world.refusal = (streams) => (streams.includes('loser') ? problem({ code: 'revoked' }) : null);
    for (let i = 0; i < 8; i += 1) await pass(1000);
    assert.deepEqual([manager.status('winner').state, manager.status('loser').state], ['fresh', 'failed']);
  });

  it('is understood with the code of older servers', async () => {
    assert.equal((await refusedWith({ code: 'too-many-streams' })).error?.code, 'concurrent-limit');
  });

  it('is not read into other refusals', async () => {
    for (const [body, options] of [
      [{ code: 'forbidden' }, {}],
      [{ code: ['revoked'] }, {}],
      [{ nested: { code: 'revoked' } }, {}],
      ['null', {}],
      ['{"code":', {}],
      [{ code: 'revoked' }, { type: 'application/json' }],
      [{ code: 'revoked', detail: 'x'.repeat(20_000) }, {}],
    ] as const) {
      const { error, asked } = await refusedWith(body, options);
      assert.equal(error?.code, 'token-refused');
      assert.equal(asked, 1);
    }
    assert.equal(
      (await refusedWith({ code: 'revoked' }, { status: 400 })).error?.code,
      'token-endpoint-failed',
    );
  });

  it('is not waited for when its body drips, and the body is cancelled', async () => {
    const time = new FakeClock();
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
      cancel: () => void (isCancelled = true),
    });
    const reading = readAccessEnd(new Response(body, { status: 403 }), time.clock);
    await time.advance(1900);
    assert.equal(isCancelled, false);
    await time.advance(200);
    assert.equal(await reading, null);
    assert.equal(isCancelled, true);
    assert.equal(time.timerCount, 0);
  });

  it('limits and redacts its reason, which no log has', async () => {
    const { error } = await refusedWith({ code: 'revoked', reason: 'y'.repeat(500) });
    assert.equal(error?.reason?.length, 200);
    assert.equal('reason' in error.toJSON(), false);
    assert.equal((await refusedWith({ code: 'moved', reason: 7 })).error?.reason, undefined);
  });

  it('still lets a broadcast end its session with the token', async () => {
    const { world, manager, pass } = setUp(['a'], 'ingest');
    const first = manager.get('a');
    await pass();
    await first;
    const used: string[] = [];
    manager.lease({
      streams: ['a'],
      onEvent: ({ type }) => {
        if (type === 'failed') void manager.get('a').then(({ value }) => used.push(JSON.stringify(value)));
      },
    });
    world.refusal = () => problem({ code: 'revoked' });
    swallow(manager.refresh('a')).catch(() => undefined);
    await pass();
    assert.equal(used.length, 1);
    assert.equal(manager.peek('a'), null);
  });
});

describe('a media origin that ends the access', () => {
  async function open(respond: (url: string) => Response) {
    const time = new FakeClock();
    let [minted, requests] = [0, 0];
    const source = customSource(() => {
      minted += 1;
      return { token: `t${String(minted)}`, expiresAt: Math.floor(time.wallMs / 1000) + 600 };
    });
    const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
    const recorder = new EventRecorder();
    tokens.lease({ streams: ['a'], onEvent: recorder.onEvent });
    const authorizer = new Authorizer({ tokens, placement: parsePlacement('query:token'), origins: [CDN] });
    const fetch: typeof globalThis.fetch = (input) => {
      requests += 1;
      return Promise.resolve(respond(input instanceof Request ? input.url : String(input)));
    };
    const send = async () => {
      const sent = swallow(fetchAuthorized({ authorizer, url: `${CDN}/1.ts`, stream: 'a', fetch }));
      for (let i = 0; i < 4; i += 1) {
        await time.advance(20);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return sent;
    };
    return { send, recorder, tokens, counts: () => ({ minted, requests }) };
  }

  it('stops all requests at once, without another token', async () => {
    const { send, recorder, counts } = await open(() => problem({ code: 'revoked' }, { status: 401 }));
    assert.equal((await send())?.code, 'revoked');
    assert.deepEqual(counts(), { minted: 1, requests: 1 });
    const errors = await Promise.all([send(), send()]);
    assert.deepEqual(
      errors.map((error) => error?.code),
      ['revoked', 'revoked'],
    );
    assert.deepEqual(counts(), { minted: 1, requests: 1 });
    assert.equal(recorder.failed.length, 1);
  });

  it('is not believed from an origin that may not receive the token', async () => {
    const { send, counts } = await open(() => {
      const response = problem({ code: 'revoked' });
      Object.defineProperty(response, 'url', { value: 'https://other.example/1.ts' });
      return response;
    });
    assert.equal((await send())?.code, 'token-rejected');
    assert.equal(counts().minted, 2);
  });
});

describe('the words for an access that has ended', () => {
  const error = (reason?: string) =>
    new GatecastError('revoked', 'It ended.', { hint: 'Wait.', ...(reason !== undefined && { reason }) });
  const own = { 'error-revoked': 'Your day ticket ended. {reason}', unknownError: '?' };

  it('have the reason of the backend only where the page asks for it, isolated, in one line of plain text', () => {
    assert.equal(
      errorText(error('Sold\n\u202eagain.'), own),
      'Your day ticket ended. \u2068Sold again.\u2069',
    );
    assert.equal(errorText(error(), own), 'Your day ticket ended.');
    assert.equal(errorText(error('$& {reason}'), own), 'Your day ticket ended. \u2068$& {reason}\u2069');
    assert.equal(errorText(error('Sold.'), { unknownError: '?' }), '?');
    assert.equal(errorText(error('Sold.'), { ...own, 'error-revoked': 'Over.' }), 'Over.');
  });
});
