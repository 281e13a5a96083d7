import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, parsePlacement, type TokenItem } from '@gatecast/token';
import { FakeTokenBackend } from '../support/fake-token-backend.js';
import { fakeJwt } from '../support/jwt.js';

const CDN = 'https://cdn.example';
const OTHER = 'https://other.example';
const SEGMENT = `${CDN}/live/1.m4s`;

async function open(item: Partial<TokenItem>, placement = 'query:token', origins: readonly string[] = []) {
  const backend = new FakeTokenBackend();
  const { time } = backend;
  backend.answer = (request) => ({
    tokens: [
      {
        stream: 'demo',
        expiresAt: backend.nowSeconds + 30,
        ...item,
        ...(request.reason !== 'initial' && { token: 'from-the-backend' }),
      },
    ],
    serverTime: backend.nowSeconds,
  });
  const tokens = backend.manager();
  const reasons: string[] = [];
  tokens.lease({
    streams: ['demo'],
    onEvent: (event) => event.type === 'refreshed' && reasons.push(event.reason),
  });
  const got = tokens.get('demo');
  await time.advance(20);
  await got;
  const authorizer = new Authorizer({
    tokens,
    placement: parsePlacement(placement),
    origins: [CDN, ...origins],
  });
  const send = () => {
    const request = authorizer.authorizeNow(SEGMENT, 'demo');
    assert.ok(request);
    return request;
  };
  const answer = async (
    request: ReturnType<typeof send>,
    headers: Record<string, string>,
    url = request.url,
  ) => {
    authorizer.accepted('demo', request, { url, headers: new Headers(headers) });
    // The code for it is loaded when it is needed.
    await import('@gatecast/token/internal/request/renewed-token');
    await new Promise(setImmediate);
  };
  const jwt = (seconds: number) => fakeJwt({ exp: backend.nowSeconds + seconds, n: seconds });
  return { backend, time, tokens, reasons, send, answer, jwt };
}

describe('a token that the media origin renews', () => {
  it('is taken from the header in which it was sent', async () => {
    const { backend, time, reasons, send, answer, jwt } = await open({ headers: { 'X-Token': 'first' } });
    for (let round = 0; round < 10; round += 1) {
      await answer(send(), { 'X-Token': jwt(30 + round) });
      await time.advance(10_000);
    }
    const sent = send().headers['X-Token'] ?? '';
    assert.ok(sent.startsWith('eyJ'));
    assert.equal(backend.requests.length, 1);
    assert.ok(reasons.slice(1).every((reason) => reason === 'origin'));
  });

  it('is taken from the header of Common Access Tokens, whatever carries it', async () => {
    const inQuery = await open({ query: { CAT: 'first', x: '1' } });
    await inQuery.answer(inQuery.send(), { 'CTA-Common-Access-Token': 'second' });
    assert.equal(inQuery.send().url, `${SEGMENT}?CAT=second&x=1`);
    const plain = await open({ token: 'first' }, 'query:CAT');
    await plain.answer(plain.send(), { 'CTA-Common-Access-Token': 'second' });
    assert.equal(plain.send().url, `${SEGMENT}?CAT=second`);
  });

  it('is taken from a redirect to an address with another one', async () => {
    const { send, answer } = await open({ query: { CAT: 'first' } });
    await answer(send(), {}, `${CDN}/other/1.m4s?CAT=second&y=2`);
    assert.equal(send().url, `${SEGMENT}?CAT=second`);
    const plain = await open({ token: 'first' }, 'query:t');
    await plain.answer(plain.send(), {}, `${SEGMENT}?t=sec%2Fond`);
    assert.equal(plain.send().url, `${SEGMENT}?t=sec/ond`);
    await plain.answer(plain.send(), {}, `${SEGMENT}?t=%zz`);
    assert.equal(plain.send().url, `${SEGMENT}?t=sec/ond`);
  });

  it('is not taken from an origin that is not allowed, from Authorization, or if a request cannot carry it', async () => {
    const { send, answer } = await open({ query: { CAT: 'first' }, headers: { Authorization: 'Bearer a' } });
    await answer(send(), {}, 'https://evil.example/1.m4s?CAT=evil');
    await answer(send(), { Authorization: 'Bearer evil' });
    await answer(send(), { 'CTA-Common-Access-Token': 'with blanks in it' });
    assert.equal(send().url, `${SEGMENT}?CAT=first`);
    assert.deepEqual(send().headers, { Authorization: 'Bearer a' });
  });

  it('is not taken from another notation of the same value', async () => {
    for (const value of ["it's", 'a+b/c==', 'a|b', '%zz']) {
      const { send, answer, reasons } = await open({ query: { CAT: value } });
      await answer(send(), {}, new URL(`${send().url}&session=2`).href);
      assert.deepEqual(reasons, ['initial']);
    }
  });

  it('is not taken from an origin that has parts of its own, or that it is not for', async () => {
    const { send, answer } = await open({ query: { CAT: 'first' }, origins: [CDN] }, 'query:token', [OTHER]);
    await answer(send(), {}, `${OTHER}/1.m4s?CAT=of-the-other`);
    await answer(send(), { 'CTA-Common-Access-Token': 'of-the-other' }, `${OTHER}/1.m4s`);
    assert.equal(send().url, `${SEGMENT}?CAT=first`);
  });

  it('is not replaced by an expired one of a cache, nor by the answer to an older request', async () => {
    const { send, answer, jwt } = await open({ headers: { 'X-Token': 'first' } });
    const old = send();
    await answer(send(), { 'X-Token': jwt(-10) });
    assert.deepEqual(send().headers, { 'X-Token': 'first' });
    await answer(send(), { 'X-Token': 'second' });
    await answer(old, { 'X-Token': 'late' });
    assert.deepEqual(send().headers, { 'X-Token': 'second' });
  });

  it('is requested from the backend when the origin renews it no more', async () => {
    const { backend, time, send, answer, jwt } = await open({ headers: { 'X-Token': 'first' } });
    await answer(send(), { 'X-Token': jwt(30) });
    await time.advance(25_000);
    assert.equal(backend.requests.length, 1);
    await time.advance(5000);
    assert.deepEqual(backend.reasons, ['initial', 'scheduled']);
  });

  it('lives as long as the one before if its end cannot be read', async () => {
    const { time, tokens, send, answer } = await open({ headers: { 'X-Token': 'first' } });
    await time.advance(10_000);
    const before = tokens.status('demo').expiresAtMs ?? 0;
    await answer(send(), { 'X-Token': 'opaque' });
    const gainedMs = (tokens.status('demo').expiresAtMs ?? 0) - before;
    assert.ok(gainedMs >= 10_000 && gainedMs < 10_100);
  });
});
