import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { Hono } from 'hono';
import { ActivityMeter } from '../../demo/backend/webrtc/ingest/activity-meter.js';
import { createWhipIngest } from '../../demo/backend/webrtc/ingest/whip-ingest.js';
import type { WhipIngest, WhipIngestOptions } from '../../demo/backend/webrtc/ingest/whip-ingest.js';
import { chromiumOffer } from './whip-loop/chromium-offer.js';
import { EXPIRED_TOKEN, LOOP_TOKEN, verifyLoopToken } from './whip-loop/start-loop-server.js';
import { VP8_KEY } from './whep/codec-payloads.js';
import { until } from '../support/wait.js';

const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };
const NEW_CREDENTIALS = 'a=ice-ufrag:newu\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';

const open: WhipIngest[] = [];

function start(options: Partial<WhipIngestOptions> = {}) {
  const ingest = createWhipIngest({ verify: verifyLoopToken, log: () => undefined, ...options });
  open.push(ingest);
  const app = new Hono().route('/whip', ingest.routes);
  const request = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    app.request(path, {
      method,
      headers: { Authorization: `Bearer ${LOOP_TOKEN}`, ...headers },
      ...(body !== undefined && { body }),
    });
  const publish = (stream = 'cam', offer = chromiumOffer()) => request('POST', `/whip/${stream}`, SDP, offer);
  return { ingest, app, request, publish };
}

async function publishedSession(options: Partial<WhipIngestOptions> = {}) {
  const started = start(options);
  const response = await started.publish();
  assert.equal(response.status, 201);
  const location = response.headers.get('Location') ?? '';
  const etag = response.headers.get('ETag') ?? '';
  return { ...started, location, etag, answer: await response.text() };
}

async function assertProblem(response: Response, status: number, code: string): Promise<void> {
  assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
  const problem: unknown = await response.json();
  assert.ok(typeof problem === 'object' && problem !== null && 'code' in problem && 'status' in problem);
  assert.deepEqual([response.status, problem.status, problem.code], [status, status, code]);
}

afterEach(() => {
  for (const ingest of open.splice(0)) ingest.close();
});

describe('POST /whip/<stream>', () => {
  it('answers with a session at a relative URL, its entity tag, and only loopback candidates', async () => {
    const { location, etag, answer } = await publishedSession();
    assert.match(location, /^\/whip\/cam\/[\w-]{36}$/);
    assert.match(etag, /^"[^"]+"$/);
    assert.match(answer, /^a=recvonly\r$/m);
    assert.match(answer, /^a=rtpmap:\d+ H264\/90000\r$/m);
    assert.match(answer, /^a=rtpmap:\d+ opus\/48000\/2\r$/im);
    const addresses = [...answer.matchAll(/^a=candidate:\S+ \d udp \d+ (\S+) /gim)].map((match) => match[1]);
    assert.ok(addresses.length > 0);
    assert.deepEqual([...new Set(addresses)], ['127.0.0.1']);
  });

  it('requires a token that is currently valid', async () => {
    const { app, request } = start();
    const missing = await app.request('/whip/cam', { method: 'POST', headers: SDP, body: chromiumOffer() });
    assert.equal(missing.headers.get('WWW-Authenticate'), 'Bearer');
    await assertProblem(missing, 401, 'token-missing');
    const expired = await request(
      'POST',
      '/whip/cam',
      { ...SDP, Authorization: `Bearer ${EXPIRED_TOKEN}` },
      chromiumOffer(),
    );
    await assertProblem(expired, 403, 'token-expired');
  });

  it('verifies the token for the stream in the path', async () => {
    const asked: string[] = [];
    const { publish } = start({
      verify: (_token, stream) => {
        asked.push(stream);
        return Promise.resolve({
          ok: false,
          status: 403,
          code: 'token-wrong-stream',
          detail: 'Another stream.',
        });
      },
    });
    await assertProblem(await publish('other'), 403, 'token-wrong-stream');
    assert.deepEqual(asked, ['other']);
  });

  it('refuses an invalid offer', async () => {
    const { request, publish } = start();
    await assertProblem(
      await request('POST', '/whip/cam', { 'Content-Type': 'text/plain' }, chromiumOffer()),
      415,
      'media-type-unsupported',
    );
    await assertProblem(await publish('cam', 'hello'), 400, 'invalid-offer');
    await assertProblem(await publish('cam', chromiumOffer({ direction: 'recvonly' })), 400, 'invalid-offer');
    await assertProblem(await publish('cam', 'x'.repeat(70_000)), 413, 'request-too-large');
    await assertProblem(await publish('a%20b'), 400, 'stream-name-invalid');
  });

  it('names the required codec when the offer lacks it', async () => {
    const { ingest, publish } = start();
    ingest.setCodecs(['h264', 'av1']);
    const response = await publish('cam', chromiumOffer({ videoCodec: 'VP8' }));
    const detail = await response.clone().text();
    await assertProblem(response, 406, 'codec-not-supported');
    assert.match(detail, /accepts only H\.264 or AV1 for video; the offer has VP8/);
    ingest.setCodecs(undefined);
    assert.equal((await publish('cam', chromiumOffer({ videoCodec: 'VP8' }))).status, 201);
  });

  it('accepts a publisher with audio only and one with video only', async () => {
    const { publish } = start();
    assert.equal((await publish('sound', chromiumOffer({ kinds: ['audio'] }))).status, 201);
    assert.equal((await publish('picture', chromiumOffer({ kinds: ['video'] }))).status, 201);
  });

  it('refuses a second publisher for the same name, also when both start at once', async () => {
    const { publish } = start();
    const statuses = (await Promise.all([publish(), publish()])).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [201, 409]);
    await assertProblem(await publish(), 409, 'stream-busy');
    assert.equal((await publish('other')).status, 201);
  });

  it('gives the name to a new publisher when the old one has stopped sending', async () => {
    let nowMs = 0;
    const { publish, request, location } = await publishedSession({ now: () => nowMs });
    nowMs = 2500;
    assert.equal((await publish()).status, 201);
    await assertProblem(await request('DELETE', location), 404, 'session-not-found');
  });

  it('refuses reserved names, too many sessions, and everything while a fault is set', async () => {
    const { ingest, publish } = start({ isReserved: (stream) => stream === 'demo', maxSessions: 1 });
    await assertProblem(await publish('demo'), 409, 'stream-reserved');
    ingest.refuse({ retryAfterSeconds: 7 });
    const refused = await publish();
    assert.equal(refused.headers.get('Retry-After'), '7');
    await assertProblem(refused, 503, 'ingest-unavailable');
    ingest.refuse(undefined);
    assert.equal((await publish()).status, 201);
    await assertProblem(await publish('other'), 503, 'ingest-unavailable');
  });
});

describe('PATCH on the session', () => {
  it('accepts candidates of the current ICE session', async () => {
    const { request, location, etag } = await publishedSession();
    const body =
      'a=ice-ufrag:DJP0\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=candidate:1 1 udp 2122194687 127.0.0.1 45540 typ host\r\na=end-of-candidates\r\n';
    assert.equal((await request('PATCH', location, { ...FRAGMENT, 'If-Match': etag }, body)).status, 204);
  });

  it('restarts ICE for If-Match: *, with new credentials and a new entity tag', async () => {
    const { request, location, etag, answer } = await publishedSession();
    const response = await request('PATCH', location, { ...FRAGMENT, 'If-Match': '*' }, NEW_CREDENTIALS);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/trickle-ice-sdpfrag');
    const newTag = response.headers.get('ETag') ?? '';
    assert.notEqual(newTag, etag);
    const fragment = await response.text();
    const ufrag = /^a=ice-ufrag:(\S+)/m;
    assert.ok(ufrag.test(fragment));
    assert.notEqual(ufrag.exec(fragment)?.[1], ufrag.exec(answer)?.[1]);
    assert.match(fragment, /^a=candidate:.* 127\.0\.0\.1 /m);
    const late = await request('PATCH', location, { ...FRAGMENT, 'If-Match': etag }, NEW_CREDENTIALS);
    assert.equal(late.headers.get('ETag'), newTag);
    await assertProblem(late, 412, 'precondition-failed');
  });

  it('requires a matching precondition', async () => {
    const { request, location, etag } = await publishedSession();
    await assertProblem(
      await request('PATCH', location, FRAGMENT, NEW_CREDENTIALS),
      428,
      'precondition-required',
    );
    await assertProblem(
      await request('PATCH', location, { ...FRAGMENT, 'If-Match': '"old"' }, NEW_CREDENTIALS),
      412,
      'precondition-failed',
    );
    await assertProblem(
      await request('PATCH', location, { ...FRAGMENT, 'If-Match': etag }, NEW_CREDENTIALS),
      412,
      'precondition-failed',
    );
  });

  it('refuses another media type, an invalid body, and a restart without credentials', async () => {
    const { request, location } = await publishedSession();
    await assertProblem(
      await request('PATCH', location, { ...SDP, 'If-Match': '*' }, NEW_CREDENTIALS),
      415,
      'media-type-unsupported',
    );
    for (const body of [
      '',
      'garbage',
      'a=ice-ufrag:newu\r\n',
      'a=ice-ufrag:bad frag\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n',
    ]) {
      await assertProblem(
        await request('PATCH', location, { ...FRAGMENT, 'If-Match': '*' }, body),
        400,
        'invalid-fragment',
      );
    }
  });
});

describe('the session', () => {
  it('ends on DELETE, once', async () => {
    const { ingest, request, publish, location } = await publishedSession();
    assert.equal((await request('DELETE', location)).status, 200);
    await assertProblem(await request('DELETE', location), 404, 'session-not-found');
    assert.equal(ingest.liveStream('cam'), undefined);
    assert.equal((await publish()).status, 201);
  });

  it('requires a valid token for PATCH and DELETE, and survives a request without one', async () => {
    const { ingest, app, request, location } = await publishedSession();
    for (const method of ['PATCH', 'DELETE']) {
      const headers = { ...FRAGMENT, 'If-Match': '*' };
      const body = method === 'PATCH' ? NEW_CREDENTIALS : undefined;
      await assertProblem(
        await request(method, location, { ...headers, Authorization: `Bearer ${EXPIRED_TOKEN}` }, body),
        403,
        'token-expired',
      );
      await assertProblem(
        await app.request(location, { method, headers, ...(body !== undefined && { body }) }),
        401,
        'token-missing',
      );
    }
    assert.equal(ingest.kill('cam'), 1, 'the session is still there');
  });

  it('is dropped by kill, for one stream or for all', async () => {
    const { ingest, publish, request, location } = await publishedSession();
    await publish('other');
    assert.equal(ingest.kill('nobody'), 0);
    assert.equal(ingest.kill('cam'), 1);
    await assertProblem(await request('DELETE', location), 404, 'session-not-found');
    assert.equal((await publish()).status, 201);
    assert.equal(ingest.kill(true), 2);
    assert.equal(ingest.kill(true), 0);
  });

  it('ends when no packet arrives', async () => {
    const events: string[] = [];
    const { ingest } = await publishedSession({
      connectLimitMs: 1,
      log: ({ event, detail }) => events.push(`${event} ${detail}`),
    });
    await until(() => events.includes('session-ended never-connected'), 'the end of the session');
    assert.equal(ingest.kill(true), 0);
  });
});

describe('the routes', () => {
  it('answer an internal failure with a problem, and log its kind without request data', async () => {
    const logged: string[] = [];
    const { publish } = start({
      verify: () => Promise.reject(new RangeError(`Bad ${LOOP_TOKEN}`)),
      log: (entry) => logged.push(JSON.stringify(entry)),
    });
    const response = await publish();
    assert.ok(!(await response.clone().text()).includes(LOOP_TOKEN));
    await assertProblem(response, 500, 'internal');
    assert.deepEqual(logged, ['{"event":"request-failed","stream":"cam","detail":"RangeError"}']);
  });

  it('describe themselves: OPTIONS, GET and HEAD without content, other methods 405', async () => {
    const { request } = start();
    const endpoint = await request('OPTIONS', '/whip/cam');
    assert.equal(endpoint.status, 200);
    assert.equal(endpoint.headers.get('Accept-Post'), 'application/sdp');
    assert.equal(endpoint.headers.get('Access-Control-Allow-Origin'), '*');
    const session = await request('OPTIONS', '/whip/cam/1');
    assert.equal(session.headers.get('Accept-Patch'), 'application/trickle-ice-sdpfrag');
    for (const method of ['GET', 'HEAD']) {
      const found = await request(method, '/whip/cam');
      assert.deepEqual([found.status, found.headers.get('Accept-Post')], [200, 'application/sdp']);
      assert.equal(found.headers.get('Access-Control-Allow-Origin'), '*');
      assert.match(found.headers.get('Access-Control-Expose-Headers') ?? '', /\bAccept-Post\b/);
      assert.equal(await found.text(), '');
    }
    const wrong = await request('PUT', '/whip/cam');
    assert.equal(wrong.headers.get('Allow'), 'GET, HEAD, POST, OPTIONS');
    await assertProblem(wrong, 405, 'method-not-allowed');
    await assertProblem(await request('PUT', '/whip/cam/1'), 405, 'method-not-allowed');
  });

  it('let pages of other origins read the session URL', async () => {
    const { publish } = start();
    const response = await publish();
    assert.match(response.headers.get('Access-Control-Expose-Headers') ?? '', /Location, ETag/);
  });
});

describe('the events of a publisher', () => {
  it('are announced, need the token, say what is received, and end with the session', async () => {
    const { ingest, app, request, location } = await publishedSession();
    const link = (await request('POST', '/whip/other', SDP, chromiumOffer())).headers.get('Link') ?? '';
    assert.match(
      link,
      /<\/whip\/other\/[\w-]+\/events>; rel="urn:ietf:params:whip:ext:core:server-sent-events"/,
    );
    const events = `${location}/events`;
    assert.equal((await app.request(events, { method: 'POST' })).status, 401);
    const subscribed = await request('POST', events, { 'Content-Type': 'application/json' }, '["inactive"]');
    const stream = subscribed.headers.get('Location') ?? '';
    assert.deepEqual([subscribed.status, stream.startsWith(`${events}/`)], [201, true]);
    const response = await app.request(stream);
    assert.equal(response.headers.get('Content-Type'), 'text/event-stream');
    ingest.kill('cam');
    assert.equal(
      await response.text(),
      ':\n\nevent: inactive\ndata: {}\n\nevent: inactive\ndata: {"reason":"ended"}\n\n',
    );
    assert.equal((await app.request(stream)).status, 404);
  });

  it('end with the access, not with the token', async () => {
    const ended: string[] = [];
    let code = 'token-expired';
    const recheck = () => Promise.resolve({ ok: false as const, status: 403 as const, code, detail: '' });
    const { ingest } = await publishedSession({
      graceMs: 0,
      verify: () => Promise.resolve({ ok: true, access: { expiresAtMs: 0, recheck } }),
      log: ({ event, detail }) => ended.push(`${event} ${detail}`),
    });
    ingest.recheck();
    await recheck();
    assert.ok(!ended.includes('session-ended revoked'));
    code = 'revoked';
    ingest.recheck();
    await until(() => ended.includes('session-ended revoked'), 'the end of the broadcast');
  });
});

describe('what a publisher is told', () => {
  const media = { hasVideo: true, hasAudio: true, videoCodec: 'vp8', rids: [] } as const;

  function meter(changes: boolean[]): ActivityMeter {
    const made: ActivityMeter = new ActivityMeter(media, () => changes.push(made.isActive));
    return made;
  }

  it('is "active" while sound and picture come, from the first keyframe on', () => {
    const changes: boolean[] = [];
    const activity = meter(changes);
    const delta = Uint8Array.of(0x10, 1, 2, 0);
    activity.onPacket('audio', Uint8Array.of(1), 0);
    activity.onPacket('video', delta, 10);
    assert.deepEqual(changes, [], 'before the first keyframe');
    activity.onPacket('video', VP8_KEY, 20);
    assert.deepEqual(changes, [true]);
    activity.onPacket('audio', Uint8Array.of(1), 2000);
    activity.look(3030);
    assert.deepEqual(changes, [true, false], 'without a picture');
    activity.onPacket('video', delta, 3040);
    assert.deepEqual(changes, [true, false, true]);
    activity.onPacket('video', delta, 3500);
    activity.look(3600);
    assert.deepEqual(changes, [true, false, true, false], 'without sound');
  });
});
