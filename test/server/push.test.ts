import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  createKeySet,
  createRevocations,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  Problem,
  type TokenHandlerOptions,
} from '@gatecast/server';
import { decodeJwt } from 'jose';
import { EventReader } from './support/read-events.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const ending = new AbortController();
after(() => ending.abort());

function endpoint(options: Partial<TokenHandlerOptions> = {}) {
  const revocations = createRevocations({ longestLifeSeconds: 300 });
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize(request) {
      const user = request.headers.get('Authorization')?.replace('Bearer ', '');
      if (user === undefined) throw new Problem('unauthenticated', 'Sign in.');
      return { user, streams: ['a', 'b', 'c'] };
    },
    revocations,
    push: { signal: ending.signal },
    ...options,
  });
  const get = (
    query: string,
    user: string | null = 'u',
    headers: Record<string, string> = {},
    address = '192.0.2.1',
  ) =>
    handler(
      new Request(`https://backend.test/api/tokens?${query}`, {
        headers: {
          Accept: 'text/event-stream',
          ...(user !== null && { Authorization: `Bearer ${user}` }),
          ...headers,
        },
      }),
      { clientAddress: address },
    );
  const listen = async (query = 'purpose=playback&stream=a&stream=b', user = 'u') => {
    const response = await get(query, user);
    assert.equal(response.status, 200);
    return new EventReader(response);
  };
  const post = async (user = 'u') =>
    (await (
      await handler(
        new Request('https://backend.test/api/tokens', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${user}` },
          body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
        }),
      )
    ).json()) as { push?: boolean; tokens: { token: string }[] };
  return { revocations, handler, get, listen, post };
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('events of the token endpoint', () => {
  it('say which streams are off and why, and when they are on again', async () => {
    const { revocations, listen } = endpoint();
    const [mine, others] = [await listen(), await listen(undefined, 'other')];
    await revocations.revoke({ user: 'u', stream: 'b', reason: 'Ticket 7' });
    assert.deepEqual(await mine.next(), {
      event: 'off',
      data: { code: 'revoked', streams: ['b'], reason: 'Ticket 7' },
    });
    await revocations.revoke({ stream: 'a', code: 'moved' });
    const moved = { event: 'off', data: { code: 'moved', streams: ['a'] } };
    assert.deepEqual(await mine.next(), moved);
    assert.deepEqual(await others.next(), moved, 'another user got an event that is not for it');
    await revocations.allow({ user: 'u', stream: 'b' });
    assert.deepEqual(await mine.next(), { event: 'on', data: { streams: ['b'] } });
    await Promise.all([mine.cancel(), others.cancel()]);
  });

  it('come for what is off when the page begins to listen, and not for what another revocation covers', async () => {
    const { revocations, listen } = endpoint();
    await revocations.revoke({ user: 'u' });
    await revocations.revoke({ stream: 'a' });
    const events = await listen();
    assert.deepEqual(await events.next(), { event: 'off', data: { code: 'revoked', streams: ['a', 'b'] } });
    await revocations.allow({ user: 'u' });
    assert.deepEqual(await events.next(), { event: 'on', data: { streams: ['b'] } });
    await events.cancel();
  });

  it('ask a page to renew if its token or all tokens of before end, without naming the token', async () => {
    const { revocations, listen, post } = endpoint();
    const [mine, others] = [await listen(), await listen(undefined, 'other')];
    const token = (await post()).tokens[0]?.token ?? '';
    await revocations.revoke({ jti: String(decodeJwt(token).jti) });
    assert.deepEqual(await mine.next(), { event: 'check', data: { streams: ['a', 'b'] } });
    await revocations.revoke({ stream: 'b', newTokens: 'allow' });
    const check = { event: 'check', data: { streams: ['b'] } };
    assert.deepEqual([await mine.next(), await others.next()], [check, check]);
    await revocations.check({ user: 'other' });
    assert.deepEqual(await others.next(), { event: 'check', data: { streams: ['a', 'b'] } });
    await Promise.all([mine.cancel(), others.cancel()]);
  });

  it('are announced in the response with tokens', async () => {
    assert.equal((await endpoint().post()).push, true);
    assert.equal('push' in (await endpoint({ push: false }).post()), false);
  });

  it('end at their longest life and when the server stops, and tell the page to wait before the next ones', async () => {
    let nowMs = Date.now();
    const stopping = new AbortController();
    const { listen, get } = endpoint({
      now: () => nowMs,
      push: { lifetimeSeconds: 60, heartbeatSeconds: 1, signal: stopping.signal },
    });
    const old = await listen();
    nowMs += 61_000;
    assert.equal(await old.next(), null);
    assert.ok(old.retryMs !== null && old.retryMs >= 1000 && old.retryMs <= 5000);
    const open = await listen();
    stopping.abort();
    assert.equal(await open.next(), null);
    assert.equal((await get('purpose=playback&stream=a')).status, 429);
  });

  it('have comments in between that keep the connection open', async () => {
    const { listen, revocations } = endpoint({ push: { heartbeatSeconds: 1, signal: ending.signal } });
    const events = await listen();
    const next = events.next();
    while (events.comments === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await revocations.revoke({ stream: 'a' });
    assert.equal((await next)?.event, 'off');
    await events.cancel();
  });
});

describe('requests for events', () => {
  it('have the headers of a stream that nobody stores, and those of CORS', async () => {
    const { get } = endpoint({ cors: { origins: ['https://page.test'], credentials: true } });
    const response = await get('purpose=playback&stream=a', 'u', { Origin: 'https://page.test' });
    assert.equal(response.headers.get('Content-Type'), 'text/event-stream');
    assert.match(response.headers.get('Cache-Control') ?? '', /no-store/);
    assert.equal(response.headers.get('Access-Control-Allow-Origin'), 'https://page.test');
    assert.equal(response.headers.get('Access-Control-Allow-Credentials'), 'true');
    await response.body?.cancel();
  });

  it('are refused as token requests are', async () => {
    const { get, handler } = endpoint();
    const cases: readonly (readonly [Response, number, string])[] = [
      [await get('purpose=playback&stream=a', null), 401, 'unauthenticated'],
      [await get('purpose=playback&stream=other'), 403, 'forbidden'],
      [await get('purpose=ingest&stream=a'), 403, 'purpose-unsupported'],
      [await get('stream=a'), 400, 'request-invalid'],
      [await get('purpose=playback'), 400, 'request-invalid'],
      [await get('purpose=playback&stream=../a'), 400, 'request-invalid'],
      [
        await get(
          `purpose=playback${'&stream=a1'.repeat(1)}${Array.from({ length: 40 }, (_, i) => `&stream=s${i}`).join('')}`,
        ),
        400,
        'request-invalid',
      ],
      [await get('purpose=playback&stream=a', 'u', { Accept: 'text/html' }), 405, 'method-not-allowed'],
      [await handler(new Request('https://backend.test/', { method: 'PUT' })), 405, 'method-not-allowed'],
    ];
    for (const [response, status, code] of cases) {
      assert.equal(response.status, status, code);
      assert.equal(await codeOf(response), code);
    }
  });

  it('get 405 without push', async () => {
    const response = await endpoint({ push: false }).get('purpose=playback&stream=a');
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('Allow'), 'POST, OPTIONS');
  });

  it('are limited per address and per instance, and a page that leaves gives its place back', async () => {
    const { get } = endpoint({ push: { maxConnections: 3, maxPerAddress: 2, signal: ending.signal } });
    const from = (address: string) => get('purpose=playback&stream=a', 'u', {}, address);
    const open = [await from('192.0.2.1'), await from('192.0.2.1')];
    const third = await from('192.0.2.1');
    assert.equal(third.status, 429);
    assert.equal(third.headers.get('Retry-After'), '30');
    open.push(await from('192.0.2.2'));
    assert.equal((await from('192.0.2.3')).status, 429);
    await open[0]?.body?.cancel();
    open.push(await from('192.0.2.1'));
    assert.equal(open.at(-1)?.status, 200);
    for (const each of open.slice(1)) await each.body?.cancel();
  });

  it('need a list of revocations and limits in their range', () => {
    const options = { issuers: { playback: jwtIssuer({ keys }) }, authorize: () => true };
    const revocations = createRevocations();
    assert.throws(() => createTokenHandler({ ...options, push: true }), /revocations/);
    assert.throws(
      () => createTokenHandler({ ...options, revocations, push: { heartbeatSeconds: 60 } }),
      /25/,
    );
  });

  it('close a page that reads nothing, instead of keeping its events', async () => {
    const { get, revocations } = endpoint();
    const response = await get('purpose=playback&stream=a');
    for (let index = 0; index < 40; index += 1) await revocations.check({ stream: 'a' });
    const events = new EventReader(response);
    let count = 0;
    while ((await events.next()) !== null) count += 1;
    assert.ok(count > 0 && count <= 16, `${count} events were kept`);
  });
});
