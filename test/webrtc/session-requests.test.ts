import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whipErrors } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import { postOffer } from '@gatecast/webrtc/internal/session-requests';
import { FakeClock } from '../support/fake-clock.js';

const ENDPOINT = 'https://ingest.example/whip/x';

/** An ingest that answers the POST as the test says, and records what it gets. */
function setUp(answer: (init: RequestInit) => Promise<Response>, teardown = 200) {
  const fake = new FakeClock();
  const requests: string[] = [];
  const kept: Promise<unknown>[] = [];
  const logged: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    requests.push(`${init.method ?? 'GET'} ${url}`);
    return init.method === 'POST' ? answer(init) : Promise.resolve(new Response(null, { status: teardown }));
  };
  const tokens = {
    fetch,
    withoutTokens: (url: string) => url.replace(/token=[^&]*/, ''),
    isAllowedOrigin: (url: string) => new URL(url).origin === new URL(ENDPOINT).origin,
    ready: () => Promise.resolve(),
    keepUntil: (work: Promise<unknown>) => kept.push(work),
  };
  const log = (type: string, details?: object) =>
    logged.push(details ? `${type} ${JSON.stringify(details)}` : type);
  const context = { tokens, clock: fake.clock, log, errors: whipErrors, protocol: 'whip' };
  const outcome = postOffer(context, { endpoint: ENDPOINT, sdp: 'v=0' });
  outcome.catch(() => undefined);
  return { fake, requests, kept, logged, outcome };
}

function created(body: string | ReadableStream = 'v=0\r\n'): Response {
  return new Response(body, { status: 201, headers: { Location: '/session/1' } });
}

/** As after a redirect of the POST to another host. */
function redirected(location: string): Response {
  const response = new Response('v=0\r\n', { status: 201, headers: { Location: location } });
  return Object.defineProperty(response, 'url', { value: 'https://ingest.example/node/7/whip?token=secret' });
}

/** Settles when the test says; rejects when its request is ended. */
function later(): { answer: (init: RequestInit) => Promise<Response>; give: (response: Response) => void } {
  let give: (response: Response) => void = () => undefined;
  const answer = ({ signal }: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      give = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  return { answer, give: (response) => give(response) };
}

describe('postOffer', () => {
  it('returns the session', async () => {
    const { outcome, requests, fake } = setUp(() => Promise.resolve(created()));
    const { sdp, url } = await outcome;
    assert.deepEqual([sdp, url], ['v=0\r\n', 'https://ingest.example/session/1']);
    assert.deepEqual(requests, [`POST ${ENDPOINT}`]);
    assert.equal(fake.clock.pending, 0);
  });

  it('gives up after 10 seconds, and ends the session of an answer that comes later', async () => {
    const { answer, give } = later();
    const { outcome, requests, fake, kept, logged } = setUp(answer);
    await fake.advance(9900);
    assert.equal(kept.length, 0);
    await fake.advance(200);
    await assert.rejects(outcome, { code: 'ingest-unreachable', retryable: true });
    assert.equal(kept.length, 1, 'work that needs the token');
    await fake.advance(20_000);
    give(created());
    await Promise.all(kept);
    assert.deepEqual(requests, [`POST ${ENDPOINT}`, 'DELETE https://ingest.example/session/1']);
    assert.deepEqual(logged, ['whip-late-answer']);
    assert.equal(fake.clock.pending, 0);
  });

  it('ends nothing after a late refusal', async () => {
    const { answer, give } = later();
    const { outcome, requests, fake, kept } = setUp(answer);
    await fake.advance(10_100);
    await assert.rejects(outcome, { code: 'ingest-unreachable' });
    give(new Response('', { status: 503 }));
    await Promise.all(kept);
    assert.deepEqual(requests, [`POST ${ENDPOINT}`]);
    assert.equal(fake.clock.pending, 0);
  });

  it('ends a request that has no answer after a minute', async () => {
    const { outcome, fake, kept } = setUp(later().answer);
    await fake.advance(60_100);
    await assert.rejects(outcome, { code: 'ingest-unreachable' });
    await Promise.all(kept);
    assert.equal(fake.clock.pending, 0);
  });

  it('ends a session whose answer cannot be read', async () => {
    const { outcome, requests } = setUp(() => Promise.resolve(created('x'.repeat(300_000))));
    await assert.rejects(outcome, { code: 'ingest-response-invalid' });
    assert.deepEqual(requests, [`POST ${ENDPOINT}`, 'DELETE https://ingest.example/session/1']);
  });

  it('reports a refusal as it is', async () => {
    const { outcome, requests } = setUp(() => Promise.resolve(new Response('', { status: 404 })));
    await assert.rejects(outcome, { code: 'ingest-not-found', status: 404 });
    assert.deepEqual(requests, [`POST ${ENDPOINT}`]);
  });

  it('names the address after a redirect as the base of relative addresses, without a token', async () => {
    const { baseUrl, url } = await setUp(() => Promise.resolve(redirected('session/1'))).outcome;
    assert.deepEqual(
      [baseUrl, url],
      ['https://ingest.example/node/7/whip?', 'https://ingest.example/node/7/session/1'],
    );
    assert.equal((await setUp(() => Promise.resolve(created())).outcome).baseUrl, ENDPOINT);
  });

  it('says that a session has an address which gets no token, and that its server did not end it', async () => {
    const outside = 'https://node7.example/session/1?secret';
    const body = 'x'.repeat(300_000);
    const answer = () => Promise.resolve(new Response(body, { status: 201, headers: { Location: outside } }));
    const { outcome, logged } = setUp(answer, 401);
    await assert.rejects(outcome, { code: 'ingest-response-invalid' });
    assert.deepEqual(logged, [
      'whip-location-not-allowed {"origin":"https://node7.example"}',
      'whip-teardown-failed {"status":401}',
    ]);
  });

  it('takes a session that is gone for ended', async () => {
    const { outcome, logged } = setUp(() => Promise.resolve(created('x'.repeat(300_000))), 404);
    await assert.rejects(outcome);
    assert.deepEqual(logged, []);
  });
});
