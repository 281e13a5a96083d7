import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { created, setUpWhep } from '../support/whep-world.js';

const problem = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers });
const shown = ({ video }: ReturnType<typeof setUpWhep>) =>
  video.srcObject?.tracks.map(({ kind }) => kind).sort();

/** Plays until there is a picture. */
async function play(...options: Parameters<typeof setUpWhep>) {
  const world = setUpWhep(...options);
  void world.engine.load();
  await world.fake.advance(200);
  return world;
}

describe('WHEP engine', () => {
  it('offers to receive sound and picture, with the token as Bearer, and shows what comes', async () => {
    const world = await play();
    const [offer] = world.sent;
    assert.deepEqual([offer?.method, offer?.path, offer?.token], ['POST', '/whep/demo', 'Bearer demo-1']);
    assert.equal(offer?.type, 'application/sdp');
    assert.match(offer.body, /useinbandfec=1;stereo=1/);
    assert.deepEqual(shown(world), ['audio', 'video']);
    assert.deepEqual(world.types(), ['live', 'renditions', 'resumed', 'entry']);
    assert.equal(world.engine.livePosition, 12);
    await world.destroy();
  });

  it('has its stream in the media element before a play() of the page', async () => {
    const world = setUpWhep();
    void world.engine.load();
    assert.ok(world.video.srcObject);
    await world.destroy();
    assert.equal(world.video.srcObject, null);
  });

  it('places the token elsewhere if the page has chosen that', async () => {
    const world = await play({ placement: 'query:auth' });
    assert.deepEqual([world.sent[0]?.path, world.sent[0]?.token], ['/whep/demo?auth=demo-1', null]);
    await world.destroy();
    assert.equal(world.lines().at(-1), 'DELETE /session/1?auth=demo-1');
  });

  it('has no pending timer, listener or connection after its end, and has sent DELETE with keepalive', async () => {
    const world = await play();
    await world.destroy();
    const last = world.sent.at(-1);
    assert.deepEqual([last?.method, last?.path, last?.token], ['DELETE', '/session/1', 'Bearer demo-1']);
    assert.equal(last?.keepalive, true);
    assert.equal(FakePeer.open.length, 0);
    assert.deepEqual([world.fake.clock.pending, world.tokens.listening], [0, 0]);
  });

  it('ends a session whose response comes after the end', async () => {
    let answer = (_: Response): void => undefined;
    const reply = ({ method }: { method: string }) =>
      method === 'POST' ? new Promise<Response>((resolve) => (answer = resolve)) : undefined;
    const world = await play({ reply });
    await world.destroy();
    assert.deepEqual(world.lines(), ['POST /whep/demo']);
    answer(created('/session/late'));
    await world.fake.advance(4000);
    assert.deepEqual(world.lines(), ['POST /whep/demo', 'DELETE /session/late']);
    assert.deepEqual([world.errors(), FakePeer.open.length], [[], 0]);
  });

  it('answers an offer of the server by PATCH', async () => {
    const offer = 'v=0\r\nm=video 9 X 96\r\na=mid:0\r\na=ice-ufrag:s\r\na=ice-pwd:t\r\n';
    const headers = { 'Content-Type': 'application/sdp', Location: '/session/7' };
    const reply = ({ method }: { method: string }) =>
      method === 'POST' ? new Response(offer, { status: 406, headers }) : undefined;
    const world = await play({ reply });
    await world.fake.advance(500);
    assert.equal(FakePeer.all[0]?.remoteDescription?.type, 'offer');
    const patch = world.sent.find(({ method }) => method === 'PATCH');
    assert.deepEqual([patch?.path, patch?.type], ['/session/7', 'application/sdp']);
    assert.deepEqual(shown(world), ['audio', 'video']);
    await world.destroy();
  });

  it('does not take a 406 without an offer for one', async () => {
    const world = await play({ reply: () => problem(406) });
    assert.deepEqual(world.errors(), ['codec-unsupported']);
    await world.destroy();
  });

  it('repeats a refused request once with another token', async () => {
    const reply = ({ token }: { token: string | null }) =>
      token === 'Bearer demo-1' ? problem(401) : undefined;
    const world = await play({ reply });
    assert.deepEqual(
      world.sent.slice(0, 2).map(({ token }) => token),
      ['Bearer demo-1', 'Bearer demo-2'],
    );
    assert.deepEqual(world.errors(), []);
    await world.destroy();
  });

  it('reports the end of an access by its code', async () => {
    const body = JSON.stringify({ code: 'concurrent-limit', status: 403 });
    const headers = { 'Content-Type': 'application/problem+json' };
    const world = setUpWhep({ reply: () => new Response(body, { status: 403, headers }) });
    await world.engine.load();
    assert.deepEqual(world.errors(), ['concurrent-limit']);
    await world.destroy();
  });

  for (const [status, code, retryable] of [
    [404, 'source-not-found', false],
    [409, 'source-not-found', true],
    [503, 'source-failed', true],
    [400, 'source-failed', false],
  ] as const)
    it(`reports HTTP ${String(status)} as ${code}, with Retry-After, and tries again when it recovers`, async () => {
      let isOver = false;
      const reply = () => (isOver ? undefined : problem(status, { 'Retry-After': '7' }));
      const world = await play({ reply });
      const report = world.reports.find(({ type }) => type === 'error');
      assert.ok(report?.type === 'error' && report.isResumable);
      const { error } = report;
      assert.deepEqual(
        [error.code, error.status, error.retryable, error.retryAfterMs],
        [code, status, retryable, 7000],
      );
      isOver = true;
      world.engine.recover();
      await world.fake.advance(200);
      assert.deepEqual(shown(world), ['audio', 'video']);
      await world.destroy();
    });

  it('plays sound alone if nobody sends a picture, and the picture when it comes', async () => {
    const world = setUpWhep();
    FakePeer.kinds = ['audio'];
    void world.engine.load();
    await world.fake.advance(900);
    assert.deepEqual([shown(world), world.engine.livePosition], [[], null]);
    await world.fake.advance(300);
    assert.deepEqual(shown(world), ['audio']);
    FakePeer.kinds = ['audio', 'video'];
    FakePeer.all[0]?.flow();
    assert.deepEqual(shown(world), ['audio', 'video']);
    await world.destroy();
  });

  it('shows sound and picture together, although sound comes first', async () => {
    const world = setUpWhep();
    FakePeer.kinds = ['audio'];
    void world.engine.load();
    await world.fake.advance(500);
    FakePeer.kinds = ['audio', 'video'];
    FakePeer.all[0]?.flow();
    await world.fake.advance(20);
    assert.deepEqual(shown(world), ['audio', 'video']);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('restarts ICE when the connection is interrupted', async () => {
    const fragment = 'a=ice-ufrag:n\r\na=ice-pwd:m\r\n';
    const reply = ({ method }: { method: string }) =>
      method === 'PATCH' ? new Response(fragment, { status: 200, headers: { ETag: '"2"' } }) : undefined;
    const world = await play({ reply });
    FakePeer.all[0]?.change('disconnected');
    assert.equal(world.engine.isStill, true);
    await world.fake.advance(600);
    assert.deepEqual([FakePeer.all.length, FakePeer.all[0]?.restarts], [1, 1]);
    assert.equal(world.engine.isStill, false);
    await world.destroy();
  });

  it('opens a new session if the restart is refused, and keeps the picture until it flows', async () => {
    let answer = (_: Response): void => undefined;
    const reply = ({ method }: { method: string }) => {
      if (method === 'PATCH') return problem(422);
      const isSecond = method === 'POST' && FakePeer.all.length === 2;
      return isSecond ? new Promise<Response>((resolve) => (answer = resolve)) : undefined;
    };
    const world = await play({ reply });
    await world.fake.advance(6000);
    const [first] = world.video.srcObject?.tracks ?? [];
    FakePeer.all[0]?.change('disconnected');
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.all.length, FakePeer.open.length], [2, 2]);
    assert.ok(world.video.srcObject?.tracks[0] === first && first?.readyState === 'live');
    answer(created('/session/2'));
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.all.length, FakePeer.open.length], [2, 1]);
    assert.deepEqual(shown(world), ['audio', 'video']);
    assert.ok(world.video.srcObject?.tracks[0] !== first);
    assert.equal(world.lines().at(-1), 'DELETE /session/1');
    await world.destroy();
  });

  it('replaces a session that the server ends at once if it was stable, otherwise when it recovers', async () => {
    const world = await play();
    FakePeer.all[0]?.end();
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.all.length, world.errors()], [1, ['source-unreachable']]);
    world.engine.recover();
    await world.fake.advance(6000);
    FakePeer.all[1]?.end();
    await world.fake.advance(1000);
    assert.deepEqual([FakePeer.all.length, world.errors().length], [3, 1]);
    assert.equal(world.types().filter((type) => type === 'entry').length, 1);
    await world.destroy();
  });

  it('asks after a second without media whether there is still a session, and replaces one that is gone', async () => {
    const world = await play({ reply: ({ method }) => (method === 'GET' ? problem(404) : undefined) });
    await world.fake.advance(6000);
    Object.assign(FakePeer.all[0] ?? {}, { isFlowing: false });
    await world.fake.advance(2500);
    assert.deepEqual([FakePeer.all.length, FakePeer.open.length, world.engine.isStill], [2, 1, false]);
    assert.deepEqual(world.lines().slice(1), ['GET /session/1', 'POST /whep/demo', 'DELETE /session/1']);
    await world.destroy();
  });

  it('brings a renewed token to the session, unless the server does not take it, and leaves the session alone otherwise', async () => {
    const world = await play({ reply: ({ method }) => (method === 'GET' ? problem(405) : undefined) });
    for (let round = 0; round < 3; round += 1) {
      await world.tokens.renew();
      await world.fake.advance(2000);
    }
    assert.deepEqual(world.lines(), ['POST /whep/demo', 'GET /session/1']);
    await world.destroy();
    assert.equal(world.sent.at(-1)?.token, 'Bearer demo-4');
  });

  it('looks for media elsewhere when none comes, and goes back when it comes again', async () => {
    let posts = 0;
    const reply = ({ method }: { method: string }) =>
      method === 'POST' && (posts += 1) > 1 ? problem(409) : undefined;
    const world = await play({ reply });
    const [peer] = FakePeer.all;
    if (peer) peer.isFlowing = false;
    await world.fake.advance(7000);
    assert.deepEqual([world.errors(), world.engine.isStill], [['source-not-found'], true]);
    if (peer) peer.isFlowing = true;
    await world.fake.advance(1500);
    assert.equal(world.engine.isStill, false);
    assert.equal(world.reports.at(-1)?.type, 'resumed');
    await world.destroy();
  });

  it('ends the session of a long pause, and begins another with the next play()', async () => {
    const world = await play();
    world.video.paused = true;
    world.engine.stopLoading();
    await world.fake.advance(100);
    assert.deepEqual([world.lines().at(-1), FakePeer.open.length], ['DELETE /session/1', 0]);
    world.video.paused = false;
    world.video.dispatchEvent(new Event('play'));
    await world.fake.advance(200);
    assert.deepEqual([FakePeer.open.length, shown(world)?.length], [1, 2]);
    await world.destroy();
  });

  it('ends the session when the page is left', async () => {
    const world = await play();
    world.page.dispatchEvent(new Event('pagehide'));
    await world.fake.advance(0);
    assert.deepEqual(world.lines(), ['POST /whep/demo', 'DELETE /session/1']);
    await world.fake.wake('pageshow');
    await world.fake.advance(1000);
    assert.equal(FakePeer.open.length, 1);
    await world.destroy();
  });

  it('checks after sleep whether media still comes', async () => {
    const world = await play({ reply: ({ method }) => (method === 'PATCH' ? problem(404) : undefined) });
    await world.fake.advance(6000);
    const [peer] = FakePeer.all;
    if (peer) Object.assign(peer, { isFlowing: false, connectionState: 'disconnected' });
    await world.fake.wake('online');
    await world.fake.advance(2500);
    assert.equal(FakePeer.all.length, 2);
    await world.destroy();
  });

  it('switches to another entry without a gap, and back to the old one if that fails', async () => {
    const reply = ({ path }: { path: string }) => (path === '/whep/low' ? problem(404) : undefined);
    const world = await play({ streams: ['demo', 'mid', 'low'], reply });
    world.engine.switchEntry(1);
    await world.fake.advance(1000);
    assert.deepEqual(world.sent[1]?.token, 'Bearer mid-1');
    assert.deepEqual(world.reports.at(-1), { type: 'entry', index: 1, reason: 'manual' });
    // It plays already.
    world.engine.switchEntry(1);
    await world.fake.advance(1000);
    assert.equal(FakePeer.all.length, 2);
    world.engine.switchEntry(2);
    await world.fake.advance(1000);
    assert.deepEqual([world.errors(), FakePeer.open.length], [[], 1]);
    assert.throws(() => world.engine.switchEntry(9), RangeError);
    assert.equal(world.engine.leaveOut('mid'), true);
    await world.fake.advance(1000);
    assert.deepEqual(world.reports.at(-1), { type: 'entry', index: 0, reason: 'abr' });
    await world.destroy();
  });

  it('refuses options that it does not know', async () => {
    for (const whepConfig of [{ iceServer: [] }, { iceServers: {} }, { jitterBufferTargetMs: 5000 }]) {
      const world = setUpWhep({ options: { whepConfig } });
      await assert.rejects(world.engine.load(), { code: 'option-invalid' });
      await world.destroy();
    }
  });
});
