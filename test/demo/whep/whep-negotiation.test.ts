import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { WhepPlaybackOptions } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import { EXPIRED_TOKEN } from '../whip-loop/start-loop-server.js';
import { FRAGMENT, openRoom, SDP } from './whep-peers.js';
import type { WhepRoom } from './whep-peers.js';
import { viewerOffer } from './viewer-offer.js';

const NEW_CREDENTIALS = 'a=ice-ufrag:newu\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';

describe('WHEP', () => {
  let room: WhepRoom | undefined;

  /** A room whose stream "cam" is on air. */
  async function onAir(options: Partial<WhepPlaybackOptions> = {}) {
    room = openRoom(options);
    await room.publish();
    const { request, playback } = room;
    const post = (offer = viewerOffer(), stream = 'cam') => request('POST', `/whep/${stream}`, SDP, offer);
    return { request, playback, post };
  }

  async function assertProblem(response: Response, status: number, code: string): Promise<void> {
    assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
    const problem = (await response.json()) as { status?: number; code?: string };
    assert.deepEqual([response.status, problem.status, problem.code], [status, status, code]);
  }

  afterEach(async () => {
    await room?.close();
    room = undefined;
  });

  it('answers an offer as the draft says: sendonly, multiplexed, one stream, loopback candidates', async () => {
    const { post } = await onAir();
    const response = await post();
    assert.equal(response.status, 201);
    assert.match(response.headers.get('Location') ?? '', /^\/whep\/cam\/[\w-]{36}$/);
    assert.match(response.headers.get('ETag') ?? '', /^"[^"]+"$/);
    assert.match(response.headers.get('Access-Control-Expose-Headers') ?? '', /Location, ETag, Link/);
    const link = response.headers.get('Link') ?? '';
    assert.match(
      link,
      /\/events>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="active,inactive,/,
    );
    assert.match(link, /\/layer>; rel="urn:ietf:params:whep:ext:core:layer"/);
    const answer = await response.text();
    const values = (pattern: RegExp) => [...answer.matchAll(pattern)].map((match) => match[1]);
    assert.deepEqual(values(/^a=(sendonly|sendrecv|recvonly|inactive)\r$/gm), ['sendonly', 'sendonly']);
    assert.deepEqual(values(/^a=(rtcp-mux-only)\r$/gm).length, 2);
    assert.deepEqual(values(/^a=msid:(\S+) /gm), ['cam', 'cam']);
    assert.deepEqual([...new Set(values(/^a=candidate:\S+ \d udp \d+ (\S+) /gim))], ['127.0.0.1']);
  });

  it('takes H.264 in packetization mode 1 with retransmissions, and only feedback that it acts on', async () => {
    const { post } = await onAir();
    const answer = await (await post()).text();
    assert.match(answer, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 109 114\r$/m);
    assert.match(answer, /^a=ssrc-group:FID \d+ \d+\r$/m);
    assert.match(answer, /^a=rtcp-fb:109 ccm fir\r$/m);
    assert.doesNotMatch(answer, /transport-cc|goog-remb/);
    assert.match(answer, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r$/m);
  });

  it('sends to a viewer that receives only sound', async () => {
    const { post } = await onAir();
    assert.equal((await post(viewerOffer({ kinds: ['audio'] }))).status, 201);
  });

  it('refuses an invalid offer', async () => {
    const { post, request } = await onAir();
    const plain = await request('POST', '/whep/cam', { 'Content-Type': 'text/plain' }, viewerOffer());
    await assertProblem(plain, 415, 'media-type-unsupported');
    await assertProblem(await post('hello'), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ direction: 'sendonly' })), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ direction: 'inactive' })), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ kinds: ['video', 'video'] })), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ kinds: [] })), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ kinds: ['video', 'application'] })), 400, 'invalid-offer');
    await assertProblem(await post(viewerOffer({ h264: false })), 406, 'codec-not-supported');
    await assertProblem(await post('x'.repeat(70_000)), 413, 'request-too-large');
    await assertProblem(await post(viewerOffer(), 'a%20b'), 400, 'stream-name-invalid');
  });

  it('checks the token first, for each request', async () => {
    const { request, post } = await onAir();
    const location = (await post()).headers.get('Location') ?? '';
    for (const [method, path] of [
      ['POST', '/whep/nobody'],
      ['PATCH', location],
      ['GET', location],
      ['DELETE', location],
      ['POST', `${location}/events`],
      ['POST', `${location}/layer`],
    ] as const) {
      const body = method === 'POST' || method === 'PATCH' ? viewerOffer() : undefined;
      const missing = await request(method, path, { ...SDP, Authorization: '' }, body);
      assert.equal(missing.headers.get('WWW-Authenticate'), 'Bearer');
      await assertProblem(missing, 401, 'token-missing');
      const expired = { ...SDP, Authorization: `Bearer ${EXPIRED_TOKEN}` };
      await assertProblem(await request(method, path, expired, body), 403, 'token-expired');
    }
    assert.equal((await request('GET', location)).status, 204, 'the session is still there');
  });

  it('says 409 with Retry-After while nobody publishes, and 404 for a stream without WebRTC', async () => {
    const { post } = await onAir({ isReserved: (stream) => stream === 'demo' });
    const inactive = await post(viewerOffer(), 'nobody');
    assert.equal(inactive.headers.get('Retry-After'), '2');
    await assertProblem(inactive, 409, 'stream-inactive');
    await assertProblem(await post(viewerOffer(), 'demo'), 404, 'stream-not-found');
  });

  it('limits the viewers of a stream, and frees the place of one that leaves', async () => {
    const { post, request } = await onAir({ maxViewersPerStream: 1 });
    const location = (await post()).headers.get('Location') ?? '';
    const full = await post();
    assert.equal(full.headers.get('Retry-After'), '5');
    await assertProblem(full, 503, 'playback-unavailable');
    assert.equal((await request('DELETE', location)).status, 200);
    await assertProblem(await request('DELETE', location), 404, 'session-not-found');
    assert.equal((await post()).status, 201);
  });

  it('takes candidates, and restarts ICE for If-Match: *', async () => {
    const { post, request } = await onAir();
    const { headers } = await post();
    const location = headers.get('Location') ?? '';
    const etag = headers.get('ETag') ?? '';
    const patch = (match: Record<string, string>, body: string, type: Record<string, string> = FRAGMENT) =>
      request('PATCH', location, { ...type, ...match }, body);
    assert.equal((await patch({ 'If-Match': etag }, 'a=end-of-candidates\r\n')).status, 204);
    const restarted = await patch({ 'If-Match': '*' }, NEW_CREDENTIALS);
    assert.equal(restarted.status, 200);
    assert.notEqual(restarted.headers.get('ETag'), etag);
    assert.match(await restarted.text(), /^a=candidate:.* 127\.0\.0\.1 /m);
    await assertProblem(await patch({ 'If-Match': etag }, NEW_CREDENTIALS), 412, 'precondition-failed');
    await assertProblem(await patch({}, NEW_CREDENTIALS), 428, 'precondition-required');
    await assertProblem(await patch({}, viewerOffer(), SDP), 409, 'session-established');
    await assertProblem(
      await patch({}, 'x', { 'Content-Type': 'text/plain' }),
      415,
      'media-type-unsupported',
    );
  });

  it('describes itself: OPTIONS, GET and HEAD without content, other methods 405', async () => {
    const { request } = await onAir();
    const options = await request('OPTIONS', '/whep/cam');
    assert.deepEqual([options.status, options.headers.get('Accept-Post')], [200, 'application/sdp']);
    assert.equal(options.headers.get('Access-Control-Allow-Origin'), '*');
    const ofSession = await request('OPTIONS', '/whep/cam/1');
    assert.equal(ofSession.headers.get('Accept-Patch'), 'application/trickle-ice-sdpfrag, application/sdp');
    for (const method of ['GET', 'HEAD']) {
      const found = await request(method, '/whep/cam');
      assert.deepEqual([found.status, found.headers.get('Content-Type')], [200, 'application/sdp']);
      assert.equal(await found.text(), '');
    }
    await assertProblem(await request('PUT', '/whep/cam'), 405, 'method-not-allowed');
    await assertProblem(await request('PUT', '/whep/cam/1'), 405, 'method-not-allowed');
  });

  it('refuses sessions, or loses them, as testers want it', async () => {
    const { post, playback, request } = await onAir();
    const location = (await post()).headers.get('Location') ?? '';
    assert.equal(playback.kill('cam'), 1);
    await assertProblem(await request('GET', location), 404, 'session-not-found');
    for (const status of [403, 404, 409, 503] as const) {
      playback.setFaults({ refuse: { status, retryAfterSeconds: 7 } });
      const refused = await post();
      assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [status, '7']);
    }
    playback.setFaults({});
    assert.equal((await post()).status, 201);
  });
});
