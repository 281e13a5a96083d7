import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { created, setUpWhep } from '../support/whep-world.js';

const problem = (status: number) => new Response(null, { status });

/** Plays until there is a picture. */
async function play(...options: Parameters<typeof setUpWhep>) {
  const world = setUpWhep(...options);
  void world.engine.load();
  await world.fake.advance(200);
  return world;
}

describe('WHEP without media', () => {
  it('is not ready before the first packet', async () => {
    const world = setUpWhep();
    FakePeer.flows = false;
    const outcome = assert.rejects(world.engine.prepare(), { code: 'source-not-found' });
    await world.fake.advance(9000);
    assert.equal(world.engine.livePosition, null);
    await world.fake.advance(3000);
    await outcome;
    assert.deepEqual(world.errors(), ['source-not-found']);
    await world.destroy();
  });

  it('is not ready before a picture is decoded', async () => {
    const world = setUpWhep();
    FakePeer.decodes = false;
    let isReady = false;
    const ready = world.engine.prepare().then(() => (isReady = true));
    await world.fake.advance(5000);
    assert.equal(isReady, false);
    FakePeer.decodes = true;
    await world.fake.advance(50);
    await ready;
    await world.destroy();
  });

  it('is not ready with packets of which no picture is decoded', async () => {
    const world = setUpWhep();
    FakePeer.decodes = false;
    const outcome = assert.rejects(world.engine.prepare(), { code: 'source-not-found' });
    await world.fake.advance(9000);
    await outcome;
    await world.destroy();
  });

  it('is ready with sound alone after 5 s', async () => {
    const world = setUpWhep();
    FakePeer.decodes = false;
    FakePeer.kinds = ['audio'];
    const ready = world.engine.prepare();
    await world.fake.advance(5100);
    await ready;
    await world.destroy();
  });

  it('keeps the last picture if a new session brings none either', async () => {
    const world = await play();
    const [first] = FakePeer.all;
    const tracks = world.video.srcObject?.getTracks();
    Object.assign(first ?? {}, { isFlowing: false });
    FakePeer.flows = false;
    await world.fake.advance(30_000);
    assert.equal(FakePeer.all.length, 2);
    assert.deepEqual(world.video.srcObject?.getTracks(), tracks);
    assert.equal(first?.connectionState, 'connected');
    assert.deepEqual([world.errors(), world.engine.isStill], [['source-not-found'], true]);
    await world.destroy();
  });
});

describe('WHEP connection whose steps never end', () => {
  it('begins another session after a rest, although an ICE restart is pending', async () => {
    const world = await play();
    FakePeer.hangs = true;
    FakePeer.all[0]?.change('disconnected');
    await world.fake.advance(100);
    FakePeer.hangs = false;
    world.engine.stopLoading();
    await world.fake.advance(100);
    assert.equal(world.engine.isRetrying, false);
    world.engine.recover();
    await world.fake.advance(500);
    assert.deepEqual([FakePeer.open.length, world.engine.isStill], [1, false]);
    await world.destroy();
  });

  it('gives up such a restart in time, and such an offer, too', async () => {
    const world = await play({ reply: ({ method }) => (method === 'GET' ? problem(405) : undefined) });
    await world.fake.advance(6000);
    FakePeer.hangs = true;
    FakePeer.all[0]?.change('disconnected');
    await world.fake.advance(5000);
    assert.equal(FakePeer.all.length, 2);
    await world.fake.advance(60_000);
    assert.deepEqual(world.errors(), ['source-unreachable']);
    FakePeer.hangs = false;
    world.engine.recover();
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.open.length, world.engine.isStill], [1, false]);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });
});

describe('WHEP session that is to replace another', () => {
  const slow = () => {
    const answers: ((response: Response) => void)[] = [];
    const reply = ({ path, method }: { path: string; method: string }) =>
      method === 'POST' && path === '/whep/mid'
        ? new Promise<Response>((resolve) => answers.push(resolve))
        : undefined;
    return { answers, reply };
  };

  it('is the one that the viewer has chosen, although the picture before it moves again', async () => {
    const { answers, reply } = slow();
    const world = await play({ streams: ['demo', 'mid'], reply });
    const [first] = FakePeer.all;
    Object.assign(first ?? {}, { isFlowing: false });
    await world.fake.advance(4500);
    world.engine.switchEntry(1);
    await world.fake.advance(2000);
    Object.assign(first ?? {}, { isFlowing: true });
    await world.fake.advance(1500);
    answers[0]?.(created('/session/mid'));
    await world.fake.advance(1000);
    assert.deepEqual(
      world.reports.findLast(({ type }) => type === 'entry'),
      {
        type: 'entry',
        index: 1,
        reason: 'manual',
      },
    );
    assert.deepEqual([FakePeer.open.length, first?.connectionState], [1, 'closed']);
    await world.destroy();
  });

  it('is of the entry before it if the chosen one fails and that one is lost meanwhile', async () => {
    const { answers, reply } = slow();
    const world = await play({ streams: ['demo', 'mid'], reply });
    await world.fake.advance(6000);
    world.engine.switchEntry(1);
    await world.fake.advance(1);
    FakePeer.all[0]?.change('failed');
    await world.fake.advance(100);
    answers[0]?.(problem(404));
    await world.fake.advance(1000);
    const offers = world.lines().filter((line) => line.startsWith('POST /whep'));
    assert.deepEqual(offers, ['POST /whep/demo', 'POST /whep/mid', 'POST /whep/demo']);
    assert.deepEqual([world.errors(), world.engine.isStill, FakePeer.open.length], [[], false, 1]);
    await world.destroy();
  });

  it('is not of a stream whose access has ended', async () => {
    const { answers, reply } = slow();
    const world = await play({ streams: ['demo', 'mid'], reply });
    await world.fake.advance(6000);
    world.engine.leaveOut('demo');
    await world.fake.advance(1);
    answers[0]?.(problem(404));
    await world.fake.advance(1000);
    world.engine.recover();
    await world.fake.advance(100);
    assert.equal(world.lines().filter((line) => line === 'POST /whep/demo').length, 1);
    assert.deepEqual(world.errors(), ['source-not-found']);
    await world.destroy();
  });

  it('notices that its connection was interrupted before it was shown', async () => {
    const world = setUpWhep();
    FakePeer.kinds = ['audio'];
    void world.engine.load();
    await world.fake.advance(500);
    FakePeer.all[0]?.change('disconnected');
    await world.fake.advance(7000);
    assert.equal(FakePeer.all[0]?.restarts, 1);
    await world.destroy();
  });
});
