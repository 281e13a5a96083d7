import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerWord } from '@gatecast/player/internal/engine/whep/server-word';
import { FakePeer } from '../support/fake-whep-peer.js';
import { created, setUpWhep, untilLoaded, type SentRequest } from '../support/whep-world.js';

const LINK =
  '</events>; rel="urn:ietf:params:whep:ext:core:server-sent-events", </layer>; rel="urn:ietf:params:whep:ext:core:layer"';

/** A server with events; `onAsk` responds to the request for them. */
async function play(onAsk: (send: ReadableStreamDefaultController<Uint8Array>) => Response | undefined) {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const reply = ({ method, path }: SentRequest) => {
    if (path === '/whep/demo' && method === 'POST')
      return created(`/session/${String(FakePeer.all.length)}`, { Link: LINK });
    if (path !== '/events') return undefined;
    const body = new ReadableStream<Uint8Array>({ start: (own) => void (controller = own) });
    assert.ok(controller);
    return onAsk(controller) ?? new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
  const world = setUpWhep({ reply });
  void world.engine.load();
  await world.fake.advance(200);
  // The code for events.
  await untilLoaded(world.fake, () => world.lines().includes('POST /events'));
  await world.fake.advance(20);
  const event = async (type: string, data: unknown = {}) => {
    controller?.enqueue(eventOf(type, data));
    await world.fake.advance(0);
    await world.fake.advance(0);
  };
  const count = (line: string) => world.lines().filter((each) => each === line).length;
  return { ...world, event, count };
}

function eventOf(type: string, data: unknown): Uint8Array {
  return new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}

describe('WHEP server that says too much', () => {
  it('gets the offers of its viewers one after the other if it wants all sessions replaced', () => {
    const word = new ServerWord();
    word.shown(1000);
    assert.deepEqual([word.reconnectWaitMs(90_000, 0), word.reconnectWaitMs(90_000, 0.5)], [0, 1000]);
  });

  it('costs less and less if it wants each session replaced', async () => {
    const world = await play((send) => {
      send.enqueue(eventOf('reconnect', {}));
      return undefined;
    });
    await world.fake.advance(60_000);
    const first = world.count('POST /whep/demo');
    assert.ok(first >= 2 && first <= 9, String(first));
    await world.fake.advance(60_000);
    assert.ok(world.count('POST /whep/demo') - first <= 4);
    // The next one may be waiting.
    assert.ok(FakePeer.open.length <= 2);
    assert.equal(world.engine.isStill, false);
    await world.destroy();
  });

  it('is not believed that nobody sends while media comes', async () => {
    const world = await play(() => undefined);
    const [peer] = FakePeer.all;
    if (peer) peer.isFlowing = false;
    await world.event('inactive');
    await world.fake.advance(3000);
    assert.equal(world.engine.isStill, true);
    if (peer) peer.isFlowing = true;
    await world.fake.advance(5000);
    assert.deepEqual(
      [world.types().at(-1), world.engine.isStill, world.engine.isRetrying],
      ['resumed', false, false],
    );
    await world.destroy();
  });

  for (const status of [403, 404, 503])
    it(`is not believed that nobody sends once its events have ended and it responds with ${String(status)}`, async () => {
      let asks = 0;
      const world = await play((send) => {
        asks += 1;
        if (asks > 1) return new Response(null, { status });
        setImmediate(() => {
          send.enqueue(eventOf('inactive', {}));
          send.close();
        });
        return undefined;
      });
      const [peer] = FakePeer.all;
      if (peer) peer.isFlowing = false;
      await world.fake.advance(60_000);
      assert.equal(world.count('POST /whep/demo'), 2);
      assert.deepEqual([world.engine.isStill, world.engine.isRetrying], [false, false]);
      await world.destroy();
    });

  it('is believed for as long as its events repeat it, also if each one ends their stream', async () => {
    let asks = 0;
    const world = await play((send) => {
      asks += 1;
      setImmediate(() => {
        send.enqueue(eventOf('inactive', {}));
        send.close();
      });
      return undefined;
    });
    const [peer] = FakePeer.all;
    if (peer) peer.isFlowing = false;
    for (let round = 0; round < 150; round += 1) {
      await world.fake.advance(2000);
      // The events come in tasks of their own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(asks > 3);
    assert.deepEqual([world.count('POST /whep/demo'), world.errors()], [1, []]);
    assert.deepEqual([world.types().includes('trouble'), world.engine.isRetrying], [false, true]);
    await world.destroy();
  });

  it('is not heard about a session that is lost', async () => {
    const world = await play(() => undefined);
    await world.fake.advance(6000);
    FakePeer.all[0]?.end();
    for (let round = 0; round < 10; round += 1) {
      await world.event('inactive');
      await world.event('active');
    }
    await world.fake.advance(1000);
    assert.deepEqual([world.count('POST /whep/demo'), FakePeer.open.length], [2, 1]);
    assert.equal(world.engine.isStill, false);
    await world.destroy();
  });

  it('does not delay a session that is needed because the one before is lost', async () => {
    const world = await play((send) => {
      send.enqueue(eventOf('reconnect', {}));
      return undefined;
    });
    await world.fake.advance(8000);
    // The next one waits for its turn.
    while (FakePeer.open.length !== 1) await world.fake.advance(100);
    await world.fake.advance(300);
    const before = FakePeer.all.length;
    FakePeer.open[0]?.end();
    world.engine.recover();
    await world.fake.advance(500);
    assert.equal(FakePeer.all.length, before + 1);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('names events relative to its address after a redirect', async () => {
    const paths: string[] = [];
    const reply = ({ path, method }: SentRequest) => {
      paths.push(path);
      if (method !== 'POST' || path !== '/whep/demo') return undefined;
      const response = created('session/1', { Link: LINK.replace('</events>', '<events>') });
      return Object.defineProperty(response, 'url', { value: 'https://sfu.example/node/7/whep/demo' });
    };
    const world = setUpWhep({ reply });
    void world.engine.load();
    await world.fake.advance(200);
    await untilLoaded(world.fake, () => paths.some((path) => path.endsWith('events')));
    assert.ok(paths.includes('/node/7/whep/events'), paths.join(' '));
    await world.destroy();
    assert.ok(paths.includes('/node/7/whep/session/1'));
  });

  it('starts one check for many events', async () => {
    const world = await play(() => undefined);
    const [peer] = FakePeer.all;
    if (peer) peer.isFlowing = false;
    await world.event('inactive');
    let calls = 0;
    const getStats = peer?.getStats.bind(peer);
    Object.assign(peer ?? {}, { getStats: () => ((calls += 1), getStats?.()) });
    for (let round = 0; round < 200; round += 1) await world.event(round % 2 ? 'inactive' : 'active');
    await world.fake.advance(1200);
    assert.ok(calls < 50, String(calls));
    await world.destroy();
  });

  for (const [what, response] of [
    ['refuses with 401', () => new Response(null, { status: 401 })],
    ['refuses with 403', () => new Response(null, { status: 403 })],
    ['has a page in their place', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
  ] as const)
    it(`is not asked for events again if it ${what}, and no token is requested for that`, async () => {
      const world = await play(response);
      await world.fake.advance(120_000);
      assert.ok(world.count('POST /events') + world.count('GET /events') <= 2);
      assert.deepEqual([world.tokens.refused, world.errors()], [[], []]);
      await world.destroy();
    });

  it('is asked at most twenty times a minute if it ends the stream with each event', async () => {
    const world = await play((send) => {
      send.enqueue(eventOf('viewercount', { viewercount: 1 }));
      setImmediate(() => send.close());
      return undefined;
    });
    await world.fake.advance(60_000);
    const asks = world.count('POST /events');
    assert.ok(asks > 5 && asks <= 24, String(asks));
    await world.destroy();
  });

  it('gets the choice of a layer again with each session, and entries can be chosen until it has layers', async () => {
    const world = await play(() => undefined);
    const layers = {
      '1': [
        { rid: 'h', height: 720 },
        { rid: 'l', height: 180 },
      ],
    };
    await world.event('layers', layers);
    world.engine.switchEntry(1);
    await world.fake.advance(6000);
    FakePeer.all[0]?.end();
    await world.fake.advance(1500);
    assert.deepEqual([FakePeer.all.length, world.count('POST /layer')], [2, 1]);
    const list = world.reports.findLast(({ type }) => type === 'renditions');
    assert.ok(list?.type === 'renditions');
    assert.deepEqual(
      list.renditions.map(({ label }) => label),
      ['demo'],
    );
    world.engine.switchEntry('auto');
    await world.event('layers', layers);
    await world.fake.advance(20);
    assert.deepEqual(JSON.parse(world.sent.findLast(({ path }) => path === '/layer')?.body ?? ''), {
      mediaId: '1',
      rid: 'l',
    });
    assert.equal(world.count('POST /layer'), 2);
    await world.destroy();
  });
});
