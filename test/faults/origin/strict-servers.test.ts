import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { demoKeys } from '../../../demo/backend/tokens/token-keys.js';
import type { Fault, FaultCase } from '../cases/fault-case.js';
import { FaultSwitch } from './fault-switch.js';
import { LiveEncoder } from './live-encoder.js';
import { PlayerServers } from './player-servers.js';
import type { RequestRecord } from './request-record.js';
import { StreamContent } from './stream-content.js';
import { StrictOrigin } from './strict-origin.js';
import { StrictTokenEndpoint } from './strict-token-endpoint.js';

const pageOrigin = 'http://page.example';
const media = 'http://media.example/live';

/** Origin and endpoint of the stream `s`, with a clock that the test moves. */
async function createWorld(faults: readonly Fault[] = [], shape: FaultCase['stream'] = 'media') {
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const now = (): number => clock.nowMs;
  const faultSwitch = new FaultSwitch(faults, now);
  const records: RequestRecord[] = [];
  const record = (request: RequestRecord): void => {
    records.push(request);
  };
  const common = { keys: await demoKeys(), pageOrigin, faults: faultSwitch, now, record };
  const encoder = new LiveEncoder(now);
  const origin = new StrictOrigin({ ...common, content: new StreamContent(shape, encoder) });
  const endpoint = new StrictTokenEndpoint({ ...common, stream: 's', ttlSeconds: 60 });
  const get = (path: string, from = pageOrigin): Promise<Response> =>
    origin.fetch(new Request(`${media}/${path}`, { headers: { Origin: from } }), {});
  const ask = (): Promise<Response> =>
    endpoint.fetch(
      new Request('http://media.example/tokens', { method: 'POST', headers: { Origin: pageOrigin } }),
      {},
    );
  const mint = async (): Promise<string> => {
    const { tokens } = (await (await ask()).json()) as { tokens: { token: string }[] };
    return tokens[0]?.token ?? '';
  };
  return { clock, faults: faultSwitch, records, encoder, get, ask, mint };
}

describe('strict origin of the fault matrix', () => {
  it('serves playlist, init segment and segments to a good token only', async () => {
    const { get, mint } = await createWorld();
    const token = await mint();
    const playlist = await get(`s.m3u8?token=${token}`);
    assert.equal(playlist.status, 200);
    const text = await playlist.text();
    const [segment = ''] = /s\/\d+\.m4s/.exec(text) ?? [];
    for (const path of ['s/init.mp4', segment])
      assert.equal((await get(`${path}?token=${token}`)).status, 200, path);
    for (const path of ['s.m3u8', 's/init.mp4', segment]) assert.equal((await get(path)).status, 401, path);
    assert.equal((await get(`other.m3u8?token=${token}`)).status, 403);
  });

  it('refuses a token that has ended, and pages of other origins', async () => {
    const { clock, get, mint } = await createWorld();
    const token = await mint();
    assert.equal((await get(`s.m3u8?token=${token}`, 'http://other.example')).status, 403);
    clock.nowMs += 61_000;
    assert.equal((await get(`s.m3u8?token=${token}`)).status, 403);
  });

  it('serves a multivariant stream whose renditions need the same token', async () => {
    const { get, mint } = await createWorld([], 'multivariant');
    const token = await mint();
    const text = await (await get(`s.m3u8?token=${token}`)).text();
    assert.match(text, /s\/medium\.m3u8\n[^]*s\/low\.m3u8/);
    assert.match(await (await get(`s/low.m3u8?token=${token}`)).text(), /low\/\d+\.m4s/);
  });

  it('names a key for each segment of an encrypted stream', async () => {
    const { get, mint } = await createWorld([], 'aes');
    const token = await mint();
    const text = await (await get(`s.m3u8?token=${token}`)).text();
    assert.equal(new Set(text.match(/segment\.key\?of=\d+/g)).size, 6);
    assert.equal((await get(`s/segment.key?of=1014&token=${token}`)).status, 200);
  });

  it('responds with a fault only while it acts, for so many requests as the case sets', async () => {
    const status = { kind: 'status', status: 503, retryAfter: 'seconds' } as const;
    const { faults, get, mint } = await createWorld([{ on: 'playlist', does: status, requests: 1 }]);
    const address = `s.m3u8?token=${await mint()}`;
    assert.equal((await get(address)).status, 200);
    faults.begin();
    const refused = await get(address);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('Retry-After'), '3');
    assert.equal((await get(address)).status, 200);
    faults.end();
    assert.equal((await get(address)).status, 200);
  });

  it('leaves the CORS headers out if the fault leaves them out', async () => {
    const does = { kind: 'refuse-tokens', cors: false } as const;
    const { faults, get, mint } = await createWorld([{ on: 'media', does }]);
    const address = `s.m3u8?token=${await mint()}`;
    faults.begin();
    const refused = await get(address);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('Access-Control-Allow-Origin'), null);
  });

  it('damages the content of playlists and segments', async () => {
    const world = async (kind: 'half' | 'garbage' | 'header-only' | 'html' | 'empty' | 'wrong-type') => {
      const { faults, get, mint } = await createWorld([{ on: 'playlist', does: { kind } }]);
      const address = `s.m3u8?token=${await mint()}`;
      const good = await (await get(address)).text();
      faults.begin();
      const answer = await get(address);
      assert.equal(answer.status, 200);
      return { good, bad: await answer.text(), type: answer.headers.get('Content-Type') };
    };
    const half = await world('half');
    assert.equal(half.bad, half.good.slice(0, half.good.length / 2));
    assert.equal((await world('header-only')).bad, '#EXTM3U\n');
    assert.equal((await world('empty')).bad, '');
    assert.match((await world('html')).bad, /^<!doctype html>/);
    assert.equal((await world('wrong-type')).type, 'text/plain');
    const garbage = await world('garbage');
    assert.notEqual(garbage.bad, garbage.good);
  });

  it('refuses older tokens after they were revoked, also when the fault has ended', async () => {
    const { clock, faults, get, mint } = await createWorld([{ on: 'media', does: { kind: 'revoke' } }]);
    const old = await mint();
    clock.nowMs += 5_000;
    faults.begin();
    const fresh = await mint();
    faults.end();
    assert.equal((await get(`s.m3u8?token=${old}`)).status, 403);
    assert.equal((await get(`s.m3u8?token=${fresh}`)).status, 200);
  });

  it('records each request but preflights, without address', async () => {
    const { records, get, mint } = await createWorld();
    await get(`s.m3u8?token=${await mint()}`);
    assert.deepEqual(
      records.map((record) => Object.keys(record).sort()),
      [
        ['atMs', 'kind'],
        ['atMs', 'kind'],
      ],
    );
  });
});

describe('strict token endpoint of the fault matrix', () => {
  it('gives the same token again, a text, or one that is not valid yet', async () => {
    const same = await createWorld([{ on: 'tokens', does: { kind: 'same-token' } }]);
    const first = await same.mint();
    same.clock.nowMs += 2_000;
    assert.notEqual(await same.mint(), first);
    const last = await same.mint();
    same.faults.begin();
    same.clock.nowMs += 2_000;
    assert.equal(await same.mint(), last);

    const text = await createWorld([{ on: 'tokens', does: { kind: 'text', text: 'error' } }]);
    text.faults.begin();
    assert.equal(await (await text.ask()).text(), 'error');

    const early = await createWorld([{ on: 'tokens', does: { kind: 'not-before', seconds: 5 } }]);
    early.faults.begin();
    const token = await early.mint();
    assert.equal((await early.get(`s.m3u8?token=${token}`)).status, 403);
    early.clock.nowMs += 6_000;
    assert.equal((await early.get(`s.m3u8?token=${token}`)).status, 200);
  });

  it('has a clock that differs from the viewer’s while the fault acts, as the origin has', async () => {
    const { faults, ask, mint, get } = await createWorld([
      { on: 'clock', does: { kind: 'skew', seconds: 120 } },
    ]);
    faults.begin();
    const { serverTime } = (await (await ask()).json()) as { serverTime: number };
    assert.equal(serverTime, Date.UTC(2026, 0, 1) / 1000 + 120);
    assert.equal((await get(`s.m3u8?token=${await mint()}`)).status, 200);
  });
});

describe('live encoder of the fault matrix', () => {
  const sequences = (encoder: LiveEncoder): number[] => encoder.listed().map(({ sequence }) => sequence);

  it('adds a segment every 2 s and keeps six in the playlist', () => {
    const clock = { nowMs: 0 };
    const encoder = new LiveEncoder(() => clock.nowMs);
    assert.deepEqual(sequences(encoder), [1014, 1015, 1016, 1017, 1018, 1019]);
    clock.nowMs += 2_000;
    assert.equal(sequences(encoder).at(-1), 1020);
    encoder.stop();
    clock.nowMs += 10_000;
    assert.equal(sequences(encoder).at(-1), 1020);
  });

  it('begins again at 0, or leaves a hole in the timestamps', () => {
    const clock = { nowMs: 0 };
    const restarted = new LiveEncoder(() => clock.nowMs);
    const holed = new LiveEncoder(() => clock.nowMs);
    for (const encoder of [restarted, holed]) encoder.stop();
    clock.nowMs += 10_000;
    restarted.resume({ kind: 'restart', discontinuity: true });
    holed.resume({ kind: 'hole' });
    assert.deepEqual(sequences(restarted), []);
    clock.nowMs += 4_000;
    assert.deepEqual(
      restarted
        .listed()
        .map(({ sequence, position, isDiscontinuous }) => [sequence, position, isDiscontinuous]),
      [
        [0, 0, true],
        [1, 1, false],
      ],
    );
    const [before, first] = holed.listed().slice(-3);
    assert.equal(first?.sequence, 1020);
    assert.equal(before?.sequence, 1019);
    assert.equal(first.position - before.position, 6);
  });
});

describe('servers of one player, over the network', () => {
  let servers: PlayerServers;
  let isReset: PlayerServers;
  const common = { title: '', stream: 'media', when: 'playing', seconds: 1 } as const;

  before(async () => {
    servers = await PlayerServers.open({ ...common, name: 's', faults: [] }, pageOrigin);
    const faults = [{ on: 'media', does: { kind: 'reset' } }] as const;
    isReset = await PlayerServers.open({ ...common, name: 's', faults }, pageOrigin);
  });

  after(() => Promise.all([servers.close(), isReset.close()]));

  it('play: the endpoint’s token opens the playlist', async () => {
    const { src, tokenUrl } = servers.addresses;
    const headers = { Origin: pageOrigin };
    const answer = await fetch(tokenUrl, { method: 'POST', headers });
    const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
    const playlist = await fetch(`${src}?token=${tokens[0]?.token ?? ''}`, { headers });
    assert.equal(playlist.status, 200);
    assert.equal(playlist.headers.get('Access-Control-Allow-Origin'), pageOrigin);
  });

  it('reset the connection, and count the request', async () => {
    isReset.begin();
    await assert.rejects(fetch(isReset.addresses.src), TypeError);
    isReset.end();
    assert.equal(isReset.requests().media.duringFault, 1);
    assert.equal((await fetch(isReset.addresses.src)).status, 401);
  });
});
