import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { WhepPlaybackOptions } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import type { TokenVerdict } from '../../../demo/backend/webrtc/token-verdict.js';
import { until } from '../../support/wait.js';
import { openRoom, SDP } from './whep-peers.js';
import type { WhepRoom } from './whep-peers.js';
import { viewerOffer } from './viewer-offer.js';

describe('the access of a WHEP session', () => {
  let room: WhepRoom | undefined;
  /** Tokens that are no longer valid, with the code of their refusal. */
  let ended = new Map<string, string>();

  afterEach(async () => {
    await room?.close();
    room = undefined;
    ended = new Map();
  });

  function verdictOf(token: string): TokenVerdict {
    const code = ended.get(token);
    return code === undefined
      ? { ok: true }
      : { ok: false, status: code === 'store-unavailable' ? 503 : 403, code, detail: 'Not now.' };
  }

  /** Tokens are "a1" to "a9": a later one expires later. */
  const verify: WhepPlaybackOptions['verify'] = (token) => {
    const verdict = verdictOf(token);
    const access = {
      expiresAtMs: Number(token.slice(1)) * 1000,
      recheck: () => Promise.resolve(verdictOf(token)),
    };
    return Promise.resolve(verdict.ok ? { ok: true, access } : verdict);
  };

  async function viewWith(token: string, options: Partial<WhepPlaybackOptions> = {}) {
    room = openRoom({ verify, ...options });
    await room.publish();
    const headers = { ...SDP, Authorization: `Bearer ${token}` };
    const response = await room.request('POST', '/whep/cam', headers, viewerOffer());
    assert.equal(response.status, 201);
    const location = response.headers.get('Location') ?? '';
    const { request, events, playback } = room;
    const touch = (other: string) => request('GET', location, { Authorization: `Bearer ${other}` });
    const etag = response.headers.get('ETag') ?? '';
    return { request, events, playback, location, etag, touch };
  }

  it('ends after a time of grace when its token has expired', async () => {
    const { events, playback } = await viewWith('a1', { graceMs: 0 });
    playback.recheck();
    ended.set('a1', 'token-expired');
    playback.recheck();
    await until(() => events.includes('viewer-ended expired'), 'the end');
  });

  it('goes on with the token of a later request, also of a PATCH without candidates', async () => {
    const { events, playback, touch, request, location, etag } = await viewWith('a1', { graceMs: 0 });
    assert.equal((await touch('a2')).status, 204);
    ended.set('a1', 'token-expired');
    playback.recheck();
    const headers = {
      Authorization: 'Bearer a3',
      'Content-Type': 'application/trickle-ice-sdpfrag',
      'If-Match': etag,
    };
    const patched = await request('PATCH', location, headers, 'a=end-of-candidates\r\n');
    assert.equal(patched.status, 204);
    ended.set('a2', 'token-expired');
    playback.recheck();
    assert.equal((await touch('a3')).status, 204, 'it is still there');
    assert.ok(!events.some((event) => event.startsWith('viewer-ended')));
  });

  it('does not go back to a token that expires earlier', async () => {
    const { events, playback, touch } = await viewWith('a5', { graceMs: 0 });
    assert.equal((await touch('a2')).status, 204);
    ended.set('a5', 'token-expired');
    playback.recheck();
    await until(() => events.includes('viewer-ended expired'), 'the end');
  });

  it('ends at once when its token is revoked, and stays while the server cannot check', async () => {
    const { events, playback, touch } = await viewWith('a1');
    ended.set('a1', 'store-unavailable');
    playback.recheck();
    assert.equal((await touch('a2')).status, 204, 'it is still there');
    ended.set('a2', 'revoked');
    playback.recheck();
    await until(() => events.includes('viewer-ended revoked'), 'the end');
    assert.equal((await touch('a3')).status, 404);
  });
});

describe('the events of a WHEP session', () => {
  let room: WhepRoom | undefined;

  afterEach(async () => {
    await room?.close();
    room = undefined;
  });

  it('report layers, viewers, the publisher and the end, as the client chose', async () => {
    room = openRoom();
    const publisher = await room.publish();
    const { request, view, playback } = room;
    const { location } = await view();
    const wanted = JSON.stringify(['active', 'inactive', 'layers', 'viewercount', 'ended', 'scte35']);
    const created = await request(
      'POST',
      `${location}/events`,
      { 'Content-Type': 'application/json' },
      wanted,
    );
    assert.equal(created.status, 201);
    const path = created.headers.get('Location') ?? '';
    const few = await request('POST', `${location}/events`, {}, '["inactive"]');
    // An EventSource cannot send a token.
    const events = await request('GET', path, { Authorization: '' });
    assert.equal(events.headers.get('Content-Type'), 'text/event-stream');
    const text = collect(events);
    await until(() => text().includes('event: viewercount\ndata: {"viewercount":1}'), 'the count');
    assert.match(text(), /event: active\ndata: \{\}\n\n/);
    assert.match(
      text(),
      /event: layers\ndata: \{"0":\[\{"spatialLayerId":0,.*"width":640,"height":480\}\]\}\n\n/,
    );
    await view();
    await until(() => text().includes('data: {"viewercount":2}'), 'the second viewer');
    await request('DELETE', publisher.location);
    await until(() => text().includes('event: inactive\ndata: {}'), 'the publisher to be gone');
    await request('DELETE', location);
    await until(() => text().includes('event: ended\ndata: {"reason":"deleted"}'), 'the end');
    assert.equal((await request('GET', path)).status, 404);
    assert.equal((await request('GET', few.headers.get('Location') ?? '')).status, 404);
    assert.equal(playback.kill(true), 1);
  });

  it('are limited, can be ended, and refuse other bodies', async () => {
    room = openRoom();
    await room.publish();
    const { request, view } = room;
    const { location } = await view();
    const create = (body?: string) => request('POST', `${location}/events`, {}, body);
    for (const body of ['{}', '[1]', 'active']) assert.equal((await create(body)).status, 400);
    const paths: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      paths.push((await create()).headers.get('Location') ?? '');
    }
    const [forgotten = '', path = '', ...others] = paths;
    assert.equal((await request('GET', forgotten)).status, 404, 'nobody read it: it made room');
    for (const read of [path, ...others]) assert.equal((await request('GET', read)).status, 200);
    assert.equal((await create()).status, 429);
    assert.equal((await request('DELETE', path)).status, 204);
    assert.equal((await request('DELETE', path)).status, 404);
    assert.equal((await create()).status, 201);
  });

  it('name the only layer, which can be selected', async () => {
    room = openRoom();
    await room.publish();
    const { request, view } = room;
    const { location } = await view();
    const select = async (body: string) => (await request('POST', `${location}/layer`, {}, body)).status;
    for (const body of ['{}', '{"mediaId":"0","spatialLayerId":0}', '{"maxWidth":640,"more":1}']) {
      assert.equal(await select(body), 200, body);
    }
    for (const body of ['{"rid":"hd"}', '{"mediaId":"1"}', '{"maxHeight":100}']) {
      assert.equal(await select(body), 404, body);
    }
    for (const body of ['', '[]', '{"rid":1}', 'null']) assert.equal(await select(body), 400, body);
  });
});

/** Reads a response in the background. Returns what has come so far. */
function collect(response: Response): () => string {
  let text = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
  };
  read().catch(() => undefined);
  return () => text;
}
