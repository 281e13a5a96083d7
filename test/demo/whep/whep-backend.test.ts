import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createBackend } from '../../../demo/backend/backend.js';
import type { Backend } from '../../../demo/backend/backend.js';
import { createDpopClient } from '../../server/support/dpop-client.js';
import { until } from '../../support/wait.js';
import { connectPublisher, connectViewer, SDP } from './whep-peers.js';
import type { Publisher, Viewer, WhepRoom } from './whep-peers.js';
import { viewerOffer } from './viewer-offer.js';

const ORIGIN = 'http://127.0.0.1';

describe('WHEP at the demo’s backend', () => {
  let backend: Backend | undefined;
  let peers: (Publisher | Viewer)[] = [];

  afterEach(async () => {
    backend?.close();
    await Promise.all(peers.map((peer) => peer.close()));
    peers = [];
  });

  /** A backend whose stream "cam" is on air, with requests that bring the right token. */
  async function onAir() {
    const opened = await createBackend({ tokenTtlSeconds: 60 });
    backend = opened;
    const send = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      opened.fetch(new Request(`${ORIGIN}${path}`, { method, headers, ...(body !== undefined && { body }) }));
    const json = (path: string, body: object) =>
      send('POST', path, { 'Content-Type': 'application/json' }, JSON.stringify(body));
    const token = async (purpose: 'playback' | 'ingest', stream = 'cam') => {
      const { tokens } = (await (await json('/api/tokens', { purpose, streams: [stream] })).json()) as {
        tokens: { token: string }[];
      };
      return `Bearer ${tokens[0]?.token ?? ''}`;
    };
    const held = { whip: await token('ingest'), whep: await token('playback') };
    const request: WhepRoom['request'] = (method, path, headers, body) =>
      send(
        method,
        path,
        { Authorization: path.startsWith('/whip/') ? held.whip : held.whep, ...headers },
        body,
      );
    const publisher = await connectPublisher(request, 'cam');
    peers.push(publisher);
    const post = (headers = {}) => request('POST', '/whep/cam', { ...SDP, ...headers }, viewerOffer());
    await until(async () => {
      publisher.sendPicture('key');
      const response = await post();
      return response.status === 201;
    }, 'the stream to be on air');
    return { request, json, token, post, publisher };
  }

  it('takes the playback token of this stream, as HLS does', async () => {
    const { post, token } = await onAir();
    const codeOf = async (authorization: string) => {
      const response = await post({ Authorization: authorization });
      const { code } = (await response.json()) as { code: string };
      return [response.status, code];
    };
    assert.deepEqual(await codeOf(''), [401, 'token-missing']);
    assert.deepEqual(await codeOf(await token('playback', 'other')), [403, 'token-wrong-stream']);
    assert.deepEqual(await codeOf(await token('ingest')), [403, 'token-wrong-audience']);
    assert.deepEqual(await codeOf('Bearer x'), [403, 'token-invalid']);
  });

  it('ends a session when the access to its stream is revoked, and lets the viewer in again', async () => {
    const { request, json, post } = await onAir();
    const viewer = await connectViewer(request, {});
    peers.push(viewer);
    const events = await request('POST', `${viewer.location}/events`, {}, '["ended"]');
    const stream = await request('GET', events.headers.get('Location') ?? '');
    await json('/api/qa/revoke', { stream: 'cam', reason: 'Test' });
    assert.match(await stream.text(), /event: ended\ndata: \{"reason":"revoked"\}\n\n$/);
    const refused = await request('GET', viewer.location);
    const { code } = (await refused.json()) as { code: string };
    assert.deepEqual([refused.status, code], [403, 'revoked']);
    await request('DELETE', '/api/qa/revoke');
    assert.equal((await request('GET', viewer.location)).status, 404);
    assert.equal((await post()).status, 201);
  });

  it('keeps the session of a token that is bound to a key, until it is revoked', async () => {
    const { request, json, publisher } = await onAir();
    const client = await createDpopClient();
    const proof = (method: string, path: string, token?: string) =>
      client.prove({ method, url: `${ORIGIN}${path}`, ...(token !== undefined && { token }) });
    const issued = await request(
      'POST',
      '/api/tokens',
      { 'Content-Type': 'application/json', DPoP: await proof('POST', '/api/tokens') },
      JSON.stringify({ purpose: 'playback', streams: ['cam'] }),
    );
    const [item] = ((await issued.json()) as { tokens: { token: string }[] }).tokens;
    const token = item?.token ?? '';
    const bound: WhepRoom['request'] = async (method, path, headers, body) =>
      request(
        method,
        path,
        { ...headers, Authorization: `DPoP ${token}`, DPoP: await proof(method, path, token) },
        body,
      );
    const viewer = await connectViewer(bound, {});
    peers.push(viewer);
    const events = await bound('POST', `${viewer.location}/events`, {}, '["ended"]');
    const stream = await request('GET', events.headers.get('Location') ?? '');
    // Each change of the list checks all sessions.
    await json('/api/qa/revoke', { stream: 'other' });
    await until(() => {
      publisher.sendPicture('key');
      return viewer.packets.video.length > 0;
    }, 'a picture');
    assert.equal((await bound('GET', viewer.location)).status, 204);
    await json('/api/qa/revoke', { stream: 'cam' });
    assert.match(await stream.text(), /\{"reason":"revoked"\}\n\n$/);
  });

  it('does what testers set as faults', async () => {
    const { request, json, post } = await onAir();
    const viewer = await connectViewer(request, {});
    peers.push(viewer);
    const faults = (whep: object | null) => json('/api/qa/faults', { whep });
    assert.equal((await faults({ block: 'later' })).status, 400);
    assert.deepEqual(await (await faults({ refuse: { retryAfterSeconds: 7 } })).json(), {
      whep: { refuse: { status: 503, retryAfterSeconds: 7 } },
    });
    const refused = await post();
    assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [503, '7']);
    assert.deepEqual(await (await faults({ refuse: null, counterOffer: true })).json(), {
      whep: { counterOffer: true },
    });
    assert.equal((await post()).status, 406);
    await faults({ counterOffer: null, block: 'connection' });
    const blocked = await post();
    assert.deepEqual([blocked.status, /^a=candidate/m.test(await blocked.text())], [201, true]);
    await faults({ kill: 'cam' });
    assert.equal((await request('GET', viewer.location)).status, 404);
    assert.equal((await request('DELETE', '/api/qa/faults')).status, 204);
    assert.equal((await post()).status, 201);
  });
});
