import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePeer } from '../support/fake-whep-peer.js';
import { setUpWhep, untilLoaded, type SentRequest } from '../support/whep-world.js';

const refuse =
  (method: string, status: number, headers: Record<string, string> = {}) =>
  (request: SentRequest) =>
    request.method === method ? new Response(null, { status, headers }) : undefined;

/** Plays until there is a picture. */
async function play(...options: Parameters<typeof setUpWhep>) {
  const world = setUpWhep(...options);
  void world.engine.load();
  await world.fake.advance(200);
  const count = (method: string) => world.sent.filter((request) => request.method === method).length;
  return { ...world, count };
}

describe('requests of a WHEP session', () => {
  for (const status of [401, 403])
    it(`requests no token because of a renewal that is refused with ${String(status)}`, async () => {
      const world = await play({ reply: refuse('GET', status) });
      for (let round = 0; round < 3; round += 1) {
        await world.tokens.renew();
        await world.fake.advance(5000);
      }
      assert.deepEqual([world.count('GET'), world.tokens.refused, world.errors()], [1, [], []]);
      const notes = world.reports.flatMap((report) => (report.type === 'note' ? report.name : []));
      assert.deepEqual(notes, ['whep-get-refused']);
      await world.destroy();
    });

  it('ends the access that the response to such a request says has ended', async () => {
    const body = JSON.stringify({ code: 'revoked', status: 403 });
    const headers = { 'Content-Type': 'application/problem+json' };
    const reply = ({ method }: SentRequest) =>
      method === 'GET' ? new Response(body, { status: 403, headers }) : undefined;
    const world = await play({ reply });
    const ended: string[] = [];
    Object.assign(world.tokens, { end: (_: string, { code }: { code: string }) => ended.push(code) });
    await world.tokens.renew();
    // The code that reads the reason.
    await untilLoaded(world.fake, () => ended.length > 0);
    assert.deepEqual(ended, ['revoked']);
    await world.destroy();
  });

  it('brings the token again, a few times, to a server that is overloaded', async () => {
    let isBusy = true;
    const reply = (request: SentRequest) =>
      isBusy ? refuse('GET', 503, { 'Retry-After': '4' })(request) : undefined;
    const world = await play({ reply });
    await world.tokens.renew();
    await world.fake.advance(3900);
    assert.equal(world.count('GET'), 1);
    await world.fake.advance(60_000);
    assert.equal(world.count('GET'), 3);
    isBusy = false;
    await world.tokens.renew();
    await world.fake.advance(5000);
    assert.equal(world.count('GET'), 4);
    await world.destroy();
    assert.equal(world.fake.clock.pending, 0);
  });

  it('sends few of them for a stream with seconds between its packets', async () => {
    const world = await play();
    const [peer] = FakePeer.all;
    for (let second = 0; second < 30; second += 1) {
      if (peer) peer.isFlowing = second % 2 === 0;
      await world.fake.advance(1000);
    }
    assert.ok(world.count('GET') <= 4, String(world.count('GET')));
    assert.equal(FakePeer.all.length, 1);
    await world.destroy();
  });

  it('sends no more candidates to a server that refuses them, and requests no token', async () => {
    const world = await play({ reply: refuse('PATCH', 403) });
    const [peer] = FakePeer.all;
    for (let batch = 0; batch < 5; batch += 1) {
      const candidate = { candidate: `candidate:${String(batch)} 1 udp 1 192.0.2.1 1 typ host` };
      peer?.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
      await world.fake.advance(500);
    }
    assert.deepEqual([world.count('PATCH'), world.tokens.refused], [1, []]);
    await world.destroy();
  });

  it('asks for no token for a viewer who has left', async () => {
    const world = await play({ reply: refuse('DELETE', 401) });
    let asked = 0;
    Object.assign(world.tokens, {
      peek: () => null,
      get: () => {
        asked += 1;
        return Promise.reject(new Error('no token'));
      },
    });
    await world.destroy();
    assert.deepEqual([world.count('DELETE'), world.sent.at(-1)?.token, asked], [1, null, 0]);
    assert.deepEqual(world.tokens.refused, []);
  });

  it('reports a web page at its address', async () => {
    const page = { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
    const world = setUpWhep({ reply: () => new Response('<!doctype html>', page) });
    void world.engine.load();
    await world.fake.advance(500);
    const [report] = world.reports.filter(({ type }) => type === 'error');
    assert.ok(report?.type === 'error');
    assert.deepEqual(
      [report.error.code, report.error.message, report.error.retryable],
      ['source-failed', 'A web page responds instead of the WHEP server (HTTP 200).', false],
    );
    await world.destroy();
  });
});
