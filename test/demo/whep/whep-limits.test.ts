import assert from 'node:assert/strict';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { afterEach, describe, it, mock } from 'node:test';
import { inspectOffer } from '../../../demo/backend/webrtc/ingest/sdp-offer.js';
import { checkViewerAnswer, readViewerOffer } from '../../../demo/backend/webrtc/playback/viewer-offer.js';
import { FRAGMENT, openRoom, SDP } from './whep-peers.js';
import type { WhepRoom } from './whep-peers.js';
import { viewerOffer } from './viewer-offer.js';

const CREDENTIALS = 'a=ice-ufrag:newu\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
const RESTART = { ...FRAGMENT, 'If-Match': '*' };

describe('the WebRTC server of the demo', () => {
  let room: WhepRoom | undefined;

  afterEach(async () => {
    await room?.close();
    room = undefined;
    mock.restoreAll();
    syncBuiltinESMExports();
  });

  async function join(nowMs: () => number = Date.now) {
    room = openRoom({ now: nowMs });
    await room.publish();
    const response = await room.request('POST', '/whep/cam', SDP, viewerOffer());
    return { room, response, location: response.headers.get('Location') ?? '' };
  }

  it('asks no other service for a session', async () => {
    const spies = [
      mock.method(dns, 'lookup'),
      mock.method(dns.promises, 'lookup'),
      mock.method(dnsPromises, 'lookup'),
    ];
    syncBuiltinESMExports();
    const { response } = await join();
    assert.equal(response.status, 201);
    const names = spies.flatMap(({ mock: { calls } }) => calls.map((call) => call.arguments[0]));
    assert.deepEqual(
      names.filter((name) => isIP(name) === 0),
      [],
    );
  });

  it('refuses descriptions with many media sections, which cost much to negotiate', () => {
    const sections = 'm=video 0 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(7);
    assert.ok('status' in readViewerOffer(viewerOffer() + sections));
    assert.ok('status' in inspectOffer(viewerOffer({ direction: 'sendonly' }) + sections));
    assert.equal(checkViewerAnswer(viewerOffer() + sections)?.code, 'invalid-offer');
    assert.ok('sdp' in readViewerOffer(`${viewerOffer()}m=video 0 UDP/TLS/RTP/SAVPF 96\r\n`));
  });

  it('restarts ICE once in a second', async () => {
    let nowMs = 1_800_000_000_000;
    const { room, location } = await join(() => nowMs);
    const restart = () => room.request('PATCH', location, RESTART, CREDENTIALS);
    assert.equal((await restart()).status, 200);
    const second = await restart();
    assert.deepEqual([second.status, second.headers.get('Retry-After')], [429, '1']);
    nowMs += 1000;
    assert.equal((await restart()).status, 200);
  });

  it('does not restart ICE before its offer has an answer, and keeps the session', async () => {
    const { room } = await join();
    room.playback.setFaults({ counterOffer: true });
    const offered = await room.request('POST', '/whep/cam', SDP, viewerOffer());
    assert.equal(offered.status, 406);
    const location = offered.headers.get('Location') ?? '';
    const response = await room.request('PATCH', location, RESTART, CREDENTIALS);
    assert.deepEqual(
      [response.status, ((await response.json()) as { code?: string }).code],
      [409, 'session-not-negotiated'],
    );
    assert.equal((await room.request('GET', location)).status, 204);
  });

  it('gives one token a limited number of sessions that do not connect', async () => {
    const recheck = () => Promise.resolve({ ok: true as const });
    const verify = (holder: string) =>
      Promise.resolve({ ok: true as const, access: { holder, expiresAtMs: Infinity, recheck } });
    room = openRoom({ verify, maxUnconnected: 2 });
    await room.publish();
    const post = async (token: string) =>
      (await room?.request('POST', '/whep/cam', { ...SDP, Authorization: `Bearer ${token}` }, viewerOffer()))
        ?.status;
    assert.deepEqual([await post('one'), await post('one'), await post('one')], [201, 201, 503]);
    assert.equal(await post('another'), 201);
  });
});
