import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLayers } from '@gatecast/player/internal/engine/whep/read-layers';
import { FakePeer } from '../support/fake-whep-peer.js';
import { created, setUpWhep, untilLoaded, type SentRequest } from '../support/whep-world.js';

const EXTENSION = 'urn:ietf:params:whep:ext:core:';
const STREAM = { 'Content-Type': 'text/event-stream' };
const BOTH = `</session/1/sse>; rel="${EXTENSION}server-sent-events"; events="active,inactive,layers,viewercount,scte35,reconnect", </session/1/layer>; rel="${EXTENSION}layer"`;
const LAYERS = {
  '1': [
    { rid: 'l', spatialLayerId: 0, width: 320, height: 180, bitrate: 100_000 },
    { rid: 'h', spatialLayerId: 0, temporalLayerId: 1, width: 1280, height: 720, bitrate: 1_500_000 },
    { rid: 'h', spatialLayerId: 0, temporalLayerId: 0, width: 1280, height: 720, bitrate: 900_000 },
  ],
};

/** A server with events, which a test sends. */
async function playWithEvents(link = BOTH, hasPost = true) {
  let send: (text: string) => void = () => undefined;
  let end: () => void = () => undefined;
  const gone = new Set<string>();
  const open = () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = (text) => controller.enqueue(new TextEncoder().encode(text));
        end = () => controller.close();
      },
    });
    return new Response(body, { headers: STREAM });
  };
  const reply = ({ method, path }: SentRequest) => {
    if (path === '/whep/demo' && method === 'POST')
      return created(`/session/${String(FakePeer.all.length)}`, { Link: link });
    if (path === '/session/1/sse' && method === 'POST')
      return hasPost
        ? new Response(null, { status: 201, headers: { Location: '/session/1/sse/7' } })
        : new Response(null, { status: 405 });
    if (gone.has(path)) return new Response(null, { status: 404 });
    if (path.startsWith('/session/1/sse')) return open();
    if (path.endsWith('/layer')) return new Response(null, { status: 200 });
    return undefined;
  };
  const world = setUpWhep({ reply });
  const viewers: number[] = [];
  world.element.addEventListener('secure-viewer-count', (event) =>
    viewers.push((event as Event & { count: number }).count),
  );
  void world.engine.load();
  await world.fake.advance(200);
  // The code for events.
  await untilLoaded(world.fake, () => link !== BOTH || world.lines().some((line) => line.startsWith('GET')));
  const event = async (type: string, data: unknown) => {
    send(`event: ${type}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    await world.fake.advance(0);
    await world.fake.advance(0);
  };
  return { ...world, viewers, event, gone, end: () => end() };
}

describe('events of a WHEP server', () => {
  it('asks for those that it uses, with the token, and reads them', async () => {
    const { sent, event, viewers, engine, destroy } = await playWithEvents();
    const ask = sent.find(({ path, method }) => path === '/session/1/sse' && method === 'POST');
    assert.deepEqual(JSON.parse(ask?.body ?? ''), [
      'active',
      'inactive',
      'layers',
      'reconnect',
      'viewercount',
    ]);
    assert.equal(sent.find(({ path }) => path === '/session/1/sse/7')?.token, 'Bearer demo-1');
    await event('viewercount', { viewercount: 3 });
    await event('viewercount', { viewercount: 'many' });
    for (const wrong of ['no JSON', '{"viewercount":-1}', '{"viewercount":2.5}', '{"viewercount":1e999}'])
      await event('viewercount', wrong);
    assert.deepEqual([viewers, engine.details['viewers']], [[3], 3]);
    await destroy();
  });

  it('reads them at the address itself where the server takes no POST', async () => {
    const { lines, event, viewers, destroy } = await playWithEvents(BOTH, false);
    assert.ok(lines().includes('GET /session/1/sse'));
    await event('viewercount', { viewercount: 1 });
    assert.deepEqual(viewers, [1]);
    await destroy();
  });

  it('waits while there is no broadcast, and goes on with the next one', async () => {
    const { event, fake, types, engine, lines, destroy } = await playWithEvents();
    const [peer] = FakePeer.all;
    if (peer) peer.isFlowing = false;
    await event('inactive', {});
    assert.deepEqual([types().at(-1), engine.isStill, engine.isRetrying], ['awaited', true, true]);
    await fake.advance(60_000);
    assert.equal(lines().filter((line) => line === 'POST /whep/demo').length, 1);
    if (peer) peer.isFlowing = true;
    await event('active', {});
    await fake.advance(500);
    assert.deepEqual([types().at(-1), engine.isStill], ['resumed', false]);
    await destroy();
  });

  it('offers the layers as entries, and asks for one', async () => {
    const { event, fake, reports, engine, sent, destroy } = await playWithEvents();
    await event('layers', LAYERS);
    const last = reports.at(-1);
    assert.ok(last?.type === 'renditions');
    assert.deepEqual(
      last.renditions.map(({ index, label, bitrateKbps }) => [index, label, bitrateKbps]),
      [
        [0, '720p', 1500],
        [1, '180p', 100],
      ],
    );
    engine.switchEntry(1);
    await fake.advance(10);
    assert.deepEqual(JSON.parse(sent.at(-1)?.body ?? ''), { mediaId: '1', rid: 'l' });
    assert.deepEqual(reports.at(-1), { type: 'entry', index: 1, reason: 'manual' });
    engine.switchEntry('auto');
    await fake.advance(10);
    assert.deepEqual(JSON.parse(sent.at(-1)?.body ?? ''), { mediaId: '1' });
    assert.throws(() => engine.switchEntry(5), RangeError);
    await destroy();
  });

  it('opens a new session on "reconnect", never at an address of an origin that may not have the token', async () => {
    const { event, fake, lines, destroy } = await playWithEvents();
    await event('reconnect', { url: 'https://evil.example/whep' });
    await fake.advance(1000);
    assert.deepEqual(
      lines().filter((line) => /^POST .*whep/.test(line)),
      ['POST /whep/demo', 'POST /whep/demo'],
    );
    assert.ok(lines().includes('DELETE /session/1'));
    await destroy();
  });

  it('opens them again after a pause when they end, at the address that it knows', async () => {
    const { end, fake, lines, destroy } = await playWithEvents();
    const asks = (line: string) => lines().filter((each) => each === line).length;
    end();
    await fake.advance(400);
    assert.equal(asks('GET /session/1/sse/7'), 1);
    await fake.advance(2000);
    assert.deepEqual([asks('POST /session/1/sse'), asks('GET /session/1/sse/7')], [1, 2]);
    await destroy();
    await fake.advance(10_000);
    assert.equal(asks('GET /session/1/sse/7'), 2);
    assert.equal(fake.clock.pending, 0);
  });

  it('asks for new ones where those are gone', async () => {
    const { end, fake, lines, gone, destroy } = await playWithEvents();
    gone.add('/session/1/sse/7');
    end();
    await fake.advance(2500);
    assert.equal(lines().filter((line) => line === 'POST /session/1/sse').length, 2);
    await destroy();
  });

  it('offers the entries again when there are no layers any longer', async () => {
    const { event, reports, engine, destroy } = await playWithEvents();
    await event('layers', LAYERS);
    await event('layers', {});
    const [list, entry] = reports.slice(-2);
    assert.ok(list?.type === 'renditions' && list.renditions.length === 1);
    assert.deepEqual(entry, { type: 'entry', index: 0, reason: 'start' });
    assert.throws(() => engine.switchEntry(1), RangeError);
    await destroy();
  });

  it('does not believe "inactive" after a gap in which "active" may have come', async () => {
    const { event, end, fake, engine, types, destroy } = await playWithEvents();
    await fake.advance(6000);
    Object.assign(FakePeer.all[0] ?? {}, { isFlowing: false });
    await event('inactive', {});
    await fake.advance(4000);
    assert.deepEqual([types().at(-1), FakePeer.all.length], ['awaited', 1]);
    end();
    await fake.advance(12_000);
    assert.deepEqual([FakePeer.open.length, engine.isStill, types().at(-1)], [1, false, 'resumed']);
    await destroy();
  });

  it('leaves events of another origin alone', async () => {
    const { sent, fake, destroy } = await playWithEvents(
      `<https://evil.example/sse>; rel="${EXTENSION}server-sent-events"`,
    ).catch(() => {
      throw new Error('unexpected');
    });
    await fake.advance(1000);
    assert.equal(sent.length, 1);
    await destroy();
  });

  it('reads the layers of servers before the draft, and no others', () => {
    const old = {
      '1': {
        layers: [
          { encodingId: 'a', bitrate: 5000 },
          { encodingId: 'b', bitrate: 9000 },
        ],
      },
    };
    assert.deepEqual(
      readLayers(old, 'demo').map(({ label, request }) => [label, request]),
      [
        ['b', { mediaId: '1', encodingId: 'b' }],
        ['a', { mediaId: '1', encodingId: 'a' }],
      ],
    );
    for (const data of [null, 7, [], {}, { '0': 'x' }, { '0': [1, null, {}] }, { '0': [{ rid: 'only' }] }])
      assert.deepEqual(readLayers(data, 'demo'), []);
  });
});
