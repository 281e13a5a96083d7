import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/token';
import { watchEvents, watchStatus } from '@gatecast/webcaster/internal/broadcast/watch-server';
import {
  wordOfEvent,
  wordOfStatus,
  type ServerWord,
} from '@gatecast/webcaster/internal/broadcast/server-word';
import { findServerEvents } from '@gatecast/webcaster/internal/publisher/whip/server-events';
import { FakeClock, settle } from '../../support/fake-clock.js';

type Respond = (url: string, init: RequestInit) => Response;

const EVENTS = 'https://ingest.example/whip/a/1/events';

/** A server at a fake address. What may carry a token goes through `tokens.fetch`. */
function setUp(respond: Respond) {
  const fake = new FakeClock();
  const words: string[] = [];
  const requests: string[] = [];
  const controller = new AbortController();
  const answer =
    (how: string) =>
    async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
      const url = input instanceof Request ? input.url : String(input);
      requests.push(`${how} ${init.method ?? 'GET'} ${url}`);
      await Promise.resolve();
      return respond(url, init);
    };
  const options = {
    tokens: {
      fetch: answer('token'),
      isAllowedOrigin: (url: string) => new URL(url).origin === 'https://ingest.example',
      withoutTokens: (url: string) => url,
    },
    fetch: answer('plain'),
    clock: fake.clock,
    random: () => 0.5,
    signal: controller.signal,
    onWord: ({ isOnAir, reason }: ServerWord) => words.push(`${String(isOnAir)} ${reason}`),
  };
  return { fake, words, requests, controller, options };
}

/** An event stream that a test writes to. */
function eventStream() {
  let write: (text: string) => void = () => undefined;
  let end: () => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      write = (text) => controller.enqueue(new TextEncoder().encode(text));
      end = () => controller.close();
    },
  });
  const response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  return { response, write: (text: string) => write(text), end: () => end() };
}

describe('the word of a server', () => {
  it('is read from the events of an ingest', () => {
    assert.equal(wordOfEvent({ type: 'active', data: '' })?.isOnAir, true);
    assert.equal(wordOfEvent({ type: 'inactive', data: '{}' })?.reason, 'not-receiving');
    assert.equal(wordOfEvent({ type: 'inactive', data: '{"reason":"ended"}' })?.reason, 'session-ended');
    assert.equal(wordOfEvent({ type: 'inactive', data: 'no json' })?.reason, 'not-receiving');
    assert.equal(wordOfEvent({ type: 'ended', data: '' })?.reason, 'session-ended');
    assert.equal(wordOfEvent({ type: 'viewercount', data: '{}' }), null);
  });

  it('is read from a status, by the names that servers use', () => {
    assert.equal(wordOfStatus('{"onAir":true}')?.isOnAir, true);
    assert.equal(wordOfStatus('{"ready":false,"name":"a"}')?.isOnAir, false);
    for (const text of ['', 'null', '[]', '{"onAir":"yes"}', '"on"', '{'])
      assert.equal(wordOfStatus(text), null);
  });

  it('comes from the address in the Link header, which may be relative', () => {
    const find = (header: string) => findServerEvents(header, 'https://ingest.example/whip/a/1');
    const rel = 'rel="urn:ietf:params:whip:ext:core:server-sent-events"';
    assert.equal(
      find(`<stun:x>; rel=ice-server, </whip/a/1/events>; ${rel}; events="active,inactive"`),
      EVENTS,
    );
    assert.equal(find(`<http://ingest.example/e>; ${rel}`), 'https://ingest.example/e');
    assert.equal(find(`<javascript:alert(1)>; ${rel}`), null);
    assert.equal(find('</x>; rel="next"'), null);
    assert.equal(findServerEvents(null, 'https://ingest.example/'), null);
  });
});

describe('the events of an ingest', () => {
  it('are subscribed as in WHEP, and say what the server receives until the session ends', async () => {
    const stream = eventStream();
    const { words, requests, options, fake, controller } = setUp((url, { method }) => {
      if (method === 'POST') return new Response(null, { status: 201, headers: { Location: `${url}/7` } });
      return stream.response;
    });
    const work = watchEvents(EVENTS, options);
    await settle();
    assert.deepEqual(requests, [`token POST ${EVENTS}`, `token GET ${EVENTS}/7`]);
    stream.write('event: inactive\ndata: {}\n\n: comment\n\nevent: act');
    stream.write('ive\ndata: {}\n\n');
    await settle();
    assert.deepEqual(words, ['false not-receiving', 'true receiving']);
    stream.write('event: inactive\ndata: {"reason":"ended"}\n\n');
    stream.end();
    await settle();
    assert.equal(words.at(-1), 'false session-ended');
    controller.abort();
    await work;
    assert.equal(fake.clock.pending, 0);
  });

  /** Events that work once, and then are gone. */
  async function loseEvents(isSessionGone?: () => Promise<boolean>) {
    const streams = [eventStream()];
    const world = setUp((_, { method }) => {
      if (method === 'POST') return new Response(null, { status: 405 });
      return streams.shift()?.response ?? new Response(null, { status: 404 });
    });
    const [first] = streams;
    const asked: number[] = [];
    const work = watchEvents(EVENTS, {
      ...world.options,
      ...(isSessionGone && {
        isSessionGone: () => {
          asked.push(world.fake.clock.now());
          return isSessionGone();
        },
      }),
    });
    await settle();
    first?.write('event: active\ndata: {}\n\n');
    await settle();
    first?.end();
    await world.fake.advance(30_000);
    world.controller.abort();
    const end = await work;
    assert.equal(world.fake.clock.pending, 0);
    return { ...world, end, asked };
  }

  it('are read at the address itself if the server takes no POST; with a later 404 the session is asked', async () => {
    const { words, end } = await loseEvents(() => Promise.resolve(true));
    assert.deepEqual(words, ['true receiving', 'false session-ended']);
    assert.equal(end, 'session-ended');
  });

  it('that are gone say nothing about a session that is there, and are given up after some attempts', async () => {
    const { words, end, asked, requests } = await loseEvents(() => Promise.resolve(false));
    assert.deepEqual(words, ['true receiving', 'null unreachable']);
    assert.deepEqual([end, asked.length], ['useless', 3]);
    assert.ok(requests.length <= 8, String(requests.length));
    const unasked = await loseEvents();
    assert.equal(unasked.end, 'useless');
    const broken = await loseEvents(() => Promise.reject(new TypeError('Failed to fetch')));
    assert.deepEqual(broken.words, ['true receiving', 'null unreachable']);
  });

  it('are not believed to work when a page comes in their place, and are asked for less and less often', async () => {
    const first = eventStream();
    const streams = [first];
    const { words, requests, fake, options, controller } = setUp((_, { method }) => {
      if (method === 'POST') return new Response(null, { status: 405 });
      const page = new Response('<p>Maintenance', { headers: { 'Content-Type': 'text/html' } });
      return streams.shift()?.response ?? page;
    });
    const work = watchEvents(EVENTS, options);
    await settle();
    first.write('event: active\ndata: {}\n\n');
    await settle();
    first.end();
    await fake.advance(60_000);
    assert.deepEqual(words, ['true receiving', 'null unreachable']);
    // Two requests each time.
    assert.ok(requests.length <= 30, String(requests.length));
    controller.abort();
    await work;
    assert.equal(fake.clock.pending, 0);
  });

  it('that stay silent on a new connection say nothing about the broadcast', async () => {
    const [first, second] = [eventStream(), eventStream()];
    const streams = [first, second];
    const { words, fake, options, controller } = setUp((_, { method }) => {
      if (method === 'POST') return new Response(null, { status: 405 });
      return streams.shift()?.response ?? new Response(null, { status: 500 });
    });
    const work = watchEvents(EVENTS, options);
    await settle();
    first.write('event: active\ndata: {}\n\n');
    await settle();
    first.end();
    await fake.advance(15_000);
    assert.deepEqual(words, ['true receiving', 'null unreachable']);
    controller.abort();
    second.end();
    await work;
    assert.equal(fake.clock.pending, 0);
  });

  it('with an expired subscription are subscribed again: the session has not ended', async () => {
    const first = eventStream();
    const streams = [first];
    const { words, fake, options, controller } = setUp((url, { method }) => {
      if (method === 'POST') return new Response(null, { status: 201, headers: { Location: `${url}/7` } });
      return streams.shift()?.response ?? new Response(null, { status: 404 });
    });
    const work = watchEvents(EVENTS, options);
    await settle();
    first.write('event: active\ndata: {}\n\n');
    await settle();
    first.end();
    await fake.advance(30_000);
    assert.deepEqual(words, ['true receiving', 'null unreachable']);
    controller.abort();
    await work;
  });

  it('that were never there say nothing about the session', async () => {
    const { words, options, fake } = setUp(() => new Response(null, { status: 404 }));
    await watchEvents(EVENTS, options);
    assert.deepEqual(words, ['null unreachable']);
    assert.equal(fake.clock.pending, 0);
  });

  it('are asked for with growing waits while the server is away, without a timer afterwards', async () => {
    const { words, requests, fake, options, controller } = setUp(() => {
      throw new TypeError('Failed to fetch');
    });
    const work = watchEvents(EVENTS, options);
    await fake.advance(60_000);
    assert.deepEqual(words, ['null unreachable']);
    assert.ok(requests.length >= 8 && requests.length <= 20, String(requests.length));
    controller.abort();
    await work;
    assert.equal(fake.clock.pending, 0);
  });

  it('carry no token to an origin that may not have it', async () => {
    const { requests, options, controller } = setUp(() => new Response(null, { status: 500 }));
    const work = watchEvents('https://elsewhere.example/events', options);
    await settle();
    assert.ok(requests.length > 0 && requests.every((request) => request.startsWith('plain ')));
    controller.abort();
    await work;
  });
});

describe('the status of a stream', () => {
  it('is asked for every five seconds', async () => {
    let onAir = false;
    const { words, requests, fake, options, controller } = setUp(
      () => new Response(JSON.stringify({ onAir })),
    );
    const work = watchStatus('https://ingest.example/status', options);
    await fake.advance(4000);
    onAir = true;
    await fake.advance(16_000);
    assert.deepEqual(words.slice(0, 2), ['false not-receiving', 'true receiving']);
    assert.ok(requests.length >= 4 && requests.length <= 5, String(requests.length));
    controller.abort();
    await work;
    assert.equal(fake.clock.pending, 0);
  });

  it('is unknown after two failures, and at an address that has never said anything good', async () => {
    let respond = () => new Response('{}', { status: 500 });
    const { words, fake, options, controller } = setUp(() => respond());
    const work = watchStatus('https://ingest.example/status', options);
    await fake.advance(1500);
    assert.deepEqual(words, ['null unreachable']);
    respond = () => new Response(null, { status: 404 });
    await fake.advance(30_000);
    assert.deepEqual(
      [...new Set(words)],
      ['null unreachable'],
      'a mistyped address says nothing about the stream',
    );
    respond = () => new Response('{"onAir":true}');
    await fake.advance(120_000);
    respond = () => new Response(null, { status: 404 });
    await fake.advance(10_000);
    assert.deepEqual(words.slice(-1), ['false not-receiving'], 'the server no longer knows the stream');
    controller.abort();
    await work;
  });

  it('is asked for again only after Retry-After', async () => {
    const { requests, fake, options, controller } = setUp(
      () => new Response(null, { status: 429, headers: { 'Retry-After': '60' } }),
    );
    const work = watchStatus('https://ingest.example/status', options);
    await fake.advance(59_000);
    assert.equal(requests.length, 1);
    await fake.advance(2000);
    assert.equal(requests.length, 2);
    controller.abort();
    assert.equal(await work, 'stopped');
    assert.equal(fake.clock.pending, 0);
  });

  it('ends with a refused token, which the kit has replaced once', async () => {
    const hint = 'None.';
    const { requests, options } = setUp(() => {
      throw new GatecastError('token-rejected', 'Refused again.', { hint });
    });
    assert.equal(await watchStatus('https://ingest.example/status', options), 'useless');
    assert.equal(requests.length, 1);
  });

  it('can take the place of events that do not come', async () => {
    const { requests, fake, options } = setUp(() => new Response('<html>'));
    const work = watchEvents(EVENTS, { ...options, hasFallback: true });
    await fake.advance(60_000);
    assert.equal(await work, 'useless');
    assert.equal(requests.length, 6, 'three subscriptions, three reads');
  });
});
