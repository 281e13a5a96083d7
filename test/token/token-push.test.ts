import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointSource, TokenManager } from '@gatecast/token';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/manager/token-push';
import '@gatecast/token/internal/source/read-access-end';
import { accessEnd } from '@gatecast/token/internal/source/access-end-error';
import { EventParser, type ServerEvent } from '@gatecast/token/internal/source/event-parser';
import { FakeClock } from '../support/fake-clock.js';
import { EventRecorder } from '../support/fake-token-backend.js';
import { swallow } from './support/failing-manager.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

interface Opened {
  readonly url: string;
  readonly init: RequestInit;
  readonly atMs: number;
  send(text: string): void;
  close(): void;
}

/** A backend that issues tokens of an hour and sends events. */
function setUp(respond: (url: string) => Response | null = () => null) {
  const time = new FakeClock();
  const opened: Opened[] = [];
  const world = { minted: 0, reasons: [] as string[], refuses: false };
  const fetch: typeof globalThis.fetch = (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    if (init.method === 'POST') {
      world.minted += 1;
      const { streams, reason } = JSON.parse(init.body as string) as { streams: string[]; reason: string };
      world.reasons.push(reason);
      if (world.refuses) {
        const headers = { 'Content-Type': 'application/problem+json' };
        return Promise.resolve(new Response('{"code":"revoked"}', { status: 403, headers }));
      }
      const serverTime = Math.floor(time.wallMs / 1000);
      const tokens = streams.map((stream) => ({
        stream,
        token: `${stream}-${String(world.minted)}`,
        expiresAt: serverTime + 3600,
      }));
      return Promise.resolve(Response.json({ tokens, serverTime, push: true }));
    }
    let send: Opened['send'] = () => undefined;
    let close: Opened['close'] = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = (text) => controller.enqueue(bytes(text));
        close = () => controller.close();
      },
    });
    opened.push({ url, init, atMs: time.wallMs, send, close });
    const headers = { 'Content-Type': 'text/event-stream' };
    return Promise.resolve(respond(url) ?? new Response(body, { headers }));
  };
  const source = endpointSource({
    url: 'https://shop.example/api/tokens?k=1',
    credentials: 'include',
    fetch,
    clock: time.clock,
  });
  const manager = new TokenManager({
    source,
    purpose: 'playback',
    clock: time.clock,
    random: () => 0.5,
  });
  const recorder = new EventRecorder();
  const lease = manager.lease({ streams: ['a', 'b'], onEvent: recorder.onEvent });
  const pass = async (ms = 0): Promise<void> => {
    await time.advance(ms);
    for (let i = 0; i < 3; i += 1) {
      await turn();
      await time.advance(5);
    }
  };
  const start = async (): Promise<Opened> => {
    const tokens = Promise.all([manager.get('a'), manager.get('b')]);
    await pass(20);
    await tokens;
    for (let i = 0; i < 20 && opened.length === 0; i += 1) await pass(50);
    const [first] = opened;
    assert.ok(first, 'events are opened');
    return first;
  };
  return { time, opened, world, manager, recorder, lease, pass, start };
}

describe('events of the token endpoint', () => {
  it('are requested once for all streams, as the tokens are', async () => {
    const { opened, start } = setUp();
    const { url, init } = await start();
    assert.equal(url, 'https://shop.example/api/tokens?k=1&purpose=playback&stream=a&stream=b');
    assert.equal(new Headers(init.headers).get('Accept'), 'text/event-stream');
    assert.equal(init.credentials, 'include');
    assert.equal(init.method ?? 'GET', 'GET');
    assert.equal(opened.length, 1);
  });

  it('have another connection for each 32 streams', async () => {
    const { opened, lease, pass, start } = setUp();
    await start();
    lease.setStreams(Array.from({ length: 70 }, (_, index) => `s${String(index)}`));
    await pass(300);
    const [first, ...others] = opened.map(({ url, init }) => ({
      count: new URL(url).searchParams.getAll('stream').length,
      isOpen: init.signal?.aborted === false,
    }));
    assert.deepEqual(first, { count: 2, isOpen: false });
    assert.deepEqual(
      others.map(({ count, isOpen }) => isOpen && count),
      [32, 32, 6],
    );
    lease.release();
    await pass(10);
    assert.ok(opened.every(({ init }) => init.signal?.aborted));
  });

  it('end the access of streams at once, and allow it again', async () => {
    const { world, manager, recorder, pass, start } = setUp();
    const events = await start();
    events.send(':\n\nevent: off\ndata: {"code":"revoked","streams":["a","x"],"reason":"Sorry."}\n\n');
    await pass();
    assert.equal(recorder.lastError?.code, 'revoked');
    assert.equal(recorder.lastError.reason, 'Sorry.');
    assert.equal((await swallow(manager.get('a')))?.code, 'revoked');
    assert.equal(manager.status('b').state, 'fresh');
    assert.equal(world.minted, 1);
    events.send('event: on\ndata: {"streams":["a"]}\n\n');
    await pass(900);
    assert.equal(world.minted, 1, 'not all pages in the same moment');
    await pass(1200);
    assert.equal(manager.status('a').state, 'fresh');
    assert.deepEqual(world.reasons, ['initial', 'resume']);
  });

  it('renew tokens on "check", within two seconds and not more often than every five', async () => {
    const { world, pass, start } = setUp();
    const events = await start();
    for (let i = 0; i < 20; i += 1) events.send('event: check\ndata: {"streams":["a","b"]}\n\n');
    await pass(2000);
    assert.deepEqual(world.reasons, ['initial', 'scheduled']);
    for (let i = 0; i < 5; i += 1) {
      events.send('event: check\ndata: {"streams":["a"]}\n\n');
      await pass(1000);
    }
    assert.equal(world.reasons.length, 3);
  });

  it('are ignored if they make no sense', async () => {
    const { world, recorder, pass, start } = setUp();
    const events = await start();
    for (const data of ['{', 'null', '{"streams":"a"}', '{"code":"gone","streams":["a"]}', '{"streams":[1]}'])
      events.send(`event: off\ndata: ${data}\n\n`);
    events.send('event: on\ndata: {"streams":["a"]}\n\ndata: {"streams":["a"]}\n\n');
    await pass(3000);
    assert.equal(recorder.failed.length, 0);
    assert.equal(world.minted, 1);
  });

  it('are opened again when the server closes them, when they are silent for a minute, and after backoff', async () => {
    const { opened, pass, start } = setUp();
    const first = await start();
    first.send('retry: 4000\n\n');
    await pass();
    first.close();
    await pass(3900);
    assert.equal(opened.length, 1);
    await pass(2200);
    assert.equal(opened.length, 2);
    opened[1]?.send(':\n\n');
    await pass(59_000);
    assert.equal(opened.length, 2);
    await pass(8000);
    assert.equal(opened.length, 3);
  });

  it('do not load a backend that is down', async () => {
    const { opened, pass, start } = setUp(() => new Response('', { status: 503 }));
    await start();
    for (let i = 0; i < 60; i += 1) await pass(10_000);
    assert.ok(opened.length > 5 && opened.length < 60, `${String(opened.length)} requests in ten minutes`);
  });

  for (const [status, later] of [
    [404, 2],
    [405, 1],
    [200, 2],
  ] as const) {
    it(`are asked for at most once in ten minutes if the response is ${String(status)} without events`, async () => {
      const { opened, manager, pass, start } = setUp(() => new Response('{}', { status }));
      await start();
      for (const [minutes, expected] of [
        [1, 1],
        [10, later],
      ] as const) {
        await pass(minutes * 60_000);
        const again = manager.refresh('a');
        await pass(1000);
        await again;
        assert.equal(opened.length, expected);
      }
    });
  }

  for (const text of [':\n\n', 'retry: 0\n\n']) {
    it(`are opened with backoff if each connection is closed at once (${JSON.stringify(text)})`, async () => {
      const headers = { 'Content-Type': 'text/event-stream' };
      const { opened, pass, start } = setUp(() => new Response(text, { headers }));
      await start();
      for (let i = 0; i < 120; i += 1) await pass(1000);
      assert.ok(
        opened.length > 5 && opened.length < 25,
        `${String(opened.length)} connections in two minutes`,
      );
    });
  }

  it('are caught up when the first connection opens, if the media origin was faster', async () => {
    const { opened, world, manager, time, pass } = setUp();
    const token = Promise.all([manager.get('a'), manager.get('b')]);
    await time.advance(10);
    await token;
    manager.end('a', accessEnd('moved'));
    for (let i = 0; i < 20 && opened.length === 0; i += 1) await pass(50);
    await pass(3000);
    assert.deepEqual(world.reasons, ['initial', 'resume']);
    assert.equal(manager.status('a').state, 'fresh');
  });

  it('are caught up after a lost connection: what has ended is asked for once, what a limit has ended is not', async () => {
    const { opened, world, manager, pass, start } = setUp();
    const events = await start();
    events.send('event: off\ndata: {"code":"moved","streams":["a"]}\n\n');
    events.send('event: off\ndata: {"code":"concurrent-limit","streams":["b"]}\n\n');
    await pass(15_000);
    events.send(':\n\n');
    await pass();
    assert.equal(world.minted, 1);
    events.close();
    await pass(6000);
    assert.equal(opened.length, 2);
    await pass(3000);
    assert.deepEqual(world.reasons, ['initial', 'resume']);
    assert.deepEqual([manager.status('a').state, manager.status('b').state], ['fresh', 'failed']);
  });

  for (const [response, isFirst] of [
    [404, true],
    [404, false],
    [405, true],
    [405, false],
    [204, true],
    [200, true],
  ] as const)
    it(`are asked for again after an end: ${String(response)}, ${isFirst ? 'ended before' : 'ended after'}`, async () => {
      const state = { isAway: false };
      const body = response === 204 ? null : '<!doctype html>';
      const { opened, world, manager, time, lease, pass, start } = setUp(() =>
        state.isAway ? new Response(body, { status: response }) : null,
      );
      const events = await start();
      world.refuses = true;
      if (isFirst) events.send('event: off\ndata: {"code":"revoked","streams":["a","b"]}\n\n');
      await pass(15_000);
      state.isAway = true;
      events.close();
      await pass(15_000);
      for (const stream of ['a', 'b']) manager.end(stream, accessEnd('revoked'));
      assert.equal(opened.length, 2);
      state.isAway = world.refuses = false;
      for (let minute = 0; minute < 16; minute += 1) await pass(60_000);
      // One that has never had events, and is not waited for, has ended them with 405.
      const isFound = isFirst || response !== 405;
      assert.equal(opened.at(2) !== undefined, isFound);
      assert.equal(manager.status('a').state, isFound ? 'fresh' : 'failed');
      lease.release();
      await pass(100);
      assert.equal(time.timerCount, 0);
    });

  it('allow playback soon when "off" and "on" alternate', async () => {
    const { world, manager, pass, start } = setUp();
    const events = await start();
    for (let i = 0; i < 10; i += 1)
      for (const event of ['off\ndata: {"code":"revoked",', 'on\ndata: {']) {
        events.send(`event: ${event}"streams":["a"]}\n\n`);
        await pass(100);
      }
    await pass(2000);
    assert.equal(manager.status('a').state, 'fresh');
    assert.ok(world.minted <= 3, `${String(world.minted)} requests`);
  });

  it('are closed while nothing plays, and with the element', async () => {
    const { time, opened, lease, pass, start } = setUp();
    const { init } = await start();
    lease.rest();
    await pass(100);
    assert.equal(init.signal?.aborted, true);
    lease.resume();
    await pass(500);
    assert.equal(opened.length, 2);
    lease.release();
    await pass(100);
    assert.equal(opened[1]?.init.signal?.aborted, true);
    assert.equal(time.timerCount, 0);
  });

  it('stay open after the end, so that "on" is heard while the player is paused', async () => {
    const { lease, opened, world, pass, start } = setUp();
    const events = await start();
    const { init } = events;
    events.send('event: off\ndata: {"code":"revoked","streams":["a","b"]}\n\n');
    await pass();
    lease.rest();
    await pass(100);
    assert.equal(init.signal?.aborted, false);
    world.refuses = true;
    events.send('event: on\ndata: {"streams":["a"]}\n\n');
    await pass(2500);
    assert.equal(world.minted, 2, 'asked once; the backend refuses');
    assert.equal(opened.length, 1);
  });
});

describe('the reader of events', () => {
  const read = (...chunks: Uint8Array[]) => {
    const events: ServerEvent[] = [];
    const retries: number[] = [];
    const parser = new EventParser(
      (event) => events.push(event),
      (ms) => retries.push(ms),
    );
    for (const chunk of chunks) parser.push(chunk);
    return { events, retries };
  };
  const text =
    '\ufeff: hi\r\nevent: off\rdata: ü1\ndata:2\r\n\r\nretry: 10\nretry: x\nid: 7\n\ndata\n\nevent: late\ndata: 3';

  it('reads the lines of the standard, however they are cut', () => {
    const whole = bytes(text);
    const expected = {
      events: [
        { type: 'off', data: 'ü1\n2' },
        { type: 'message', data: '' },
      ],
      retries: [10],
    };
    assert.deepEqual(read(whole), expected);
    assert.deepEqual(read(...Array.from(whole, (byte) => Uint8Array.of(byte))), expected);
  });

  it('refuses lines and events that are too long', () => {
    assert.throws(() => read(bytes('x'.repeat(70_000))), RangeError);
    assert.throws(
      () => read(...Array.from({ length: 700 }, () => bytes(`data: ${'x'.repeat(100)}\n`))),
      RangeError,
    );
  });
});
