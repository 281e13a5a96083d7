import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedByPolicy, EventLog } from '@gatecast/element';
import type { BroadcastHost } from '@gatecast/webcaster/internal/broadcast/broadcast-host';
import { BroadcastStatus } from '@gatecast/webcaster/internal/broadcast/broadcast-status';
import { OnAir } from '@gatecast/webcaster/internal/broadcast/on-air';
import type { IngestTokens, PublisherSession } from '@gatecast/webcaster/internal/publisher/publisher';
import { FakeClock } from '../../support/fake-clock.js';
import { until } from '../../support/wait.js';

/** A broadcast whose ingest sends the event `active` at once, unless it is set to say something else. */
function setUp({ statusUrl = null as string | null } = {}) {
  const fake = new FakeClock();
  const log = new EventLog();
  const page = Object.assign(new EventTarget(), { requestUpdate: () => undefined });
  const host = page as Partial<BroadcastHost> as BroadcastHost;
  const world = {
    event: 'active',
    asked: 0,
    eventsStatus: 200,
    isGone: false,
    statusAsked: 0,
    say: (_event: string): void => undefined,
    close: (): void => undefined,
  };
  const tokens: Partial<IngestTokens> = {
    isAllowedOrigin: () => true,
    fetch: async (url, init) => {
      await Promise.resolve();
      if (url === statusUrl) {
        world.statusAsked += 1;
        return new Response('{"onAir":true}');
      }
      if (init.method === 'POST') return new Response(null, { status: 405 });
      world.asked += 1;
      if (world.eventsStatus !== 200) return new Response(null, { status: world.eventsStatus });
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          world.say = (event) => {
            controller.enqueue(new TextEncoder().encode(`event: ${event}\ndata: {}\n\n`));
          };
          world.close = () => controller.close();
          world.say(world.event);
          init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
        },
      });
      return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
    },
  };
  const onAir = new OnAir({
    host,
    clock: fake.clock,
    log,
    status: new BroadcastStatus(host, log, new BlockedByPolicy()),
    tokens: tokens as IngestTokens,
    statusUrl: () => statusUrl,
  });
  const session: Partial<PublisherSession> = {
    serverEventsUrl: 'https://ingest.example/1/events',
    isGone: () => Promise.resolve(world.isGone),
  };
  const ended: number[] = [];
  const follow = () => onAir.follow(session as PublisherSession, () => ended.push(fake.clock.now()));
  return { fake, world, onAir, follow, ended };
}

describe('on air', () => {
  it('is not claimed for a new session, or while none is connected, by the word about the old one', async () => {
    const { world, onAir, follow } = setUp();
    follow();
    await until(() => onAir.isOnAir === true, 'the word of the server');
    onAir.interrupt();
    assert.equal(onAir.isOnAir, null);
    world.event = 'viewercount';
    world.asked = 0;
    follow();
    await until(() => world.asked > 0, 'the second session');
    assert.equal(onAir.isOnAir, null);
    onAir.end();
  });

  it('opens one new session in a minute for a server that ends them', async () => {
    const { fake, world, onAir, follow, ended } = setUp();
    for (let session = 1; session <= 12; session += 1) {
      world.event = 'active';
      follow();
      await until(() => onAir.isOnAir === true, 'the word of the server');
      await fake.advance(5000);
      onAir.interrupt();
      world.event = 'ended';
      follow();
      await fake.advance(5000);
      onAir.interrupt();
    }
    assert.ok(ended.length <= 2, String(ended.length));
    onAir.end();
    assert.equal(fake.clock.pending, 0);
  });

  it('puts a new session off for a server that ends one soon', async () => {
    const { fake, world, onAir, follow, ended } = setUp();
    world.event = 'ended';
    follow();
    await until(() => onAir.isOnAir === false, 'the word of the server');
    await fake.advance(2900);
    assert.equal(ended.length, 0);
    await fake.advance(200);
    assert.equal(ended.length, 1);
    onAir.interrupt();
    follow();
    await until(() => onAir.isOnAir === false, 'the word about the second session');
    // The address of a session that has ended is gone.
    world.eventsStatus = 404;
    await fake.advance(55_000);
    assert.equal(ended.length, 1);
    await fake.advance(6000);
    assert.equal(ended.length, 2);
    onAir.end();
    assert.equal(fake.clock.pending, 0);
  });

  it('opens no new session after all when the broadcast is on air, or another session has begun', async () => {
    const { fake, world, onAir, follow, ended } = setUp();
    world.event = 'ended';
    follow();
    await until(() => onAir.isOnAir === false, 'the word of the server');
    world.say('active');
    await until(() => onAir.isOnAir === true, 'the next word');
    await fake.advance(5000);
    world.event = 'ended';
    follow();
    await until(() => onAir.isOnAir === false, 'the word about the second session');
    world.event = 'active';
    follow();
    await until(() => onAir.isOnAir === true, 'the word about the third session');
    await fake.advance(5000);
    assert.deepEqual(ended, []);
    onAir.end();
    assert.equal(fake.clock.pending, 0);
  });

  it('stays false after the end of a session while the server cannot be asked', async () => {
    const { fake, world, onAir, follow } = setUp();
    world.event = 'ended';
    follow();
    await until(() => onAir.isOnAir === false, 'the word of the server');
    world.eventsStatus = 403;
    world.close();
    await fake.advance(2500);
    assert.equal(onAir.isOnAir, false);
    onAir.end();
    assert.equal(fake.clock.pending, 0);
  });

  it('is asked at status-url when the events have no such address', async () => {
    const { fake, world, onAir, follow } = setUp({ statusUrl: 'https://ingest.example/status' });
    world.eventsStatus = 404;
    follow();
    await until(() => onAir.isOnAir === true, 'the word of the status');
    assert.deepEqual([world.asked, world.statusAsked], [1, 1]);
    onAir.end();
    await until(() => fake.clock.pending === 0, 'the end of all timers');
  });

  it('keeps a session that the server still has when its events are gone, and replaces one that it has lost', async () => {
    const { fake, world, onAir, follow, ended } = setUp({ statusUrl: 'https://ingest.example/status' });
    follow();
    await until(() => onAir.isOnAir === true, 'the word of the server');
    world.eventsStatus = 404;
    world.close();
    await fake.advance(20_000);
    assert.deepEqual(ended, []);
    assert.equal(onAir.isOnAir, true);
    assert.ok(world.statusAsked > 0);
    world.eventsStatus = 200;
    world.isGone = true;
    follow();
    await until(() => onAir.isOnAir === true, 'the word about the second session');
    world.eventsStatus = 404;
    world.close();
    await fake.advance(20_000);
    assert.equal(ended.length, 1);
    onAir.end();
    await until(() => fake.clock.pending === 0, 'the end of all timers');
  });

  it('waits for the next token after a refusal', async () => {
    const { fake, world, onAir, follow } = setUp();
    world.eventsStatus = 403;
    follow();
    await until(() => world.asked === 1, 'the refusal');
    await fake.advance(120_000);
    assert.equal(world.asked, 1);
    world.eventsStatus = 200;
    onAir.tokenRefreshed();
    await until(() => onAir.isOnAir === true, 'the word of the server');
    onAir.end();
    onAir.tokenRefreshed();
    assert.equal(fake.clock.pending, 0);
    assert.equal(onAir.isWatched, false);
  });
});
