import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventRecorder, FakeTokenBackend } from '../support/fake-token-backend.js';
import { fakeJwt } from '../support/jwt.js';
import { swallow } from './support/failing-manager.js';

const HOUR_MS = 3_600_000;

/** A manager whose backend sends these responses, and the first token. */
async function open(answer: (number: number, nowSeconds: number) => unknown, skewMs = 0, latencyMs = 0) {
  const backend = new FakeTokenBackend();
  Object.assign(backend, { skewMs, latencyMs });
  backend.answer = () => answer(backend.requests.length, backend.nowSeconds);
  const manager = backend.manager();
  const recorder = new EventRecorder();
  manager.lease({ streams: ['a'], onEvent: recorder.onEvent });
  const first = manager.get('a');
  const error = swallow(first);
  await backend.time.advance(latencyMs + 10);
  return { backend, manager, recorder, first, error: await error };
}

describe('expires_in', () => {
  const forms: Record<string, (token: string) => unknown> = {
    'OAuth 2.0': (access_token) => ({ access_token, token_type: 'Bearer', expires_in: 40 }),
    'a text of digits': (token) => ({ token, expires_in: '40' }),
    'camel case': (accessToken) => ({ accessToken, expiresIn: 40 }),
    'inside data': (token) => ({ success: true, data: { token, expires_in: 40 } }),
    'the item of a stream': (token) => ({ tokens: [{ stream: 'a', token, expires_in: 40 }] }),
    'fields of a CDN': (token) => ({ query: { hdnts: token }, expires_in: 40 }),
    'several items': (token) => ({
      tokens: [
        { stream: 'a', query: { x: token }, origins: ['https://a.example'], expires_in: 4000 },
        { stream: 'a', query: { y: token }, origins: ['https://b.example'], expires_in: 40 },
      ],
    }),
  };
  for (const [name, form] of Object.entries(forms))
    for (const skewMs of [0, HOUR_MS, -HOUR_MS])
      it(`renews before the end, in the form “${name}”, with a clock that is ${skewMs / HOUR_MS} h off`, async () => {
        const { backend, error } = await open((number) => form(`opaque-${number}`), skewMs);
        assert.equal(error, undefined);
        await backend.time.advance(15_000);
        assert.equal(backend.requests.length, 1);
        await backend.time.advance(24_000);
        assert.equal(backend.reasons[1], 'scheduled');
      });

  it('counts from the request', async () => {
    const { backend, first } = await open(() => ({ token: 'opaque-1', expires_in: 40 }), 0, 4000);
    const sentAtMs = backend.requests[0]?.atMs ?? NaN;
    assert.equal((await first).expiresAtMs, sentAtMs + 40_000);
  });

  it('leaves at least half of a life, because a function of the page may have waited for the viewer', async () => {
    const { backend, manager } = await open(() => ({ token: 'opaque-1', expires_in: 10 }), 0, 8000);
    await backend.time.advance(10);
    assert.equal(manager.status('a').expiresAtMs, (backend.requests[0]?.atMs ?? NaN) + 8000 + 5000);
  });

  for (const skewMs of [HOUR_MS, -HOUR_MS])
    it(`and the claims of a JWT: the earlier end counts, with a clock that is ${skewMs / HOUR_MS} h off`, async () => {
      for (const [life, expires_in, expected] of [
        [60, 40, 40],
        [40, 60, 40],
      ] as const) {
        const { backend, first, error } = await open(
          (_, iat) => ({ access_token: fakeJwt({ iat, exp: iat + life }), expires_in }),
          skewMs,
        );
        assert.equal(error, undefined);
        const seconds = ((await first).expiresAtMs ?? 0) / 1000 - backend.nowSeconds;
        assert.ok(Math.abs(seconds - expected) <= 1, `${seconds} s`);
      }
    });

  it('lets a token stay the same, with a new life', async () => {
    const { backend, recorder } = await open(() => ({ token: 'opaque-1', expires_in: 40 }));
    await backend.time.advance(HOUR_MS);
    assert.ok(recorder.events.every(({ type }) => type === 'refreshed'));
    const { length } = backend.requests;
    assert.ok(length >= 90 && length <= 130, `${length} requests in an hour`);
  });

  for (const [name, expires_in] of [
    ['a time', 1_795_927_170],
    ['milliseconds of days', 864_000_000],
    ['words', '1h'],
    ['a list', [40]],
    ['true', true],
    ['a negative number', -1],
    ['no number', NaN],
  ] as const)
    it(`is refused if it is ${name}`, async () => {
      const { error } = await open(() => ({ token: 'opaque-1', expires_in }));
      assert.equal(error?.code, 'token-response-invalid');
      assert.equal(error.message, '"expires_in" is not a number of seconds.');
      assert.match(error.hint, /"expires_in" from now/);
    });

  for (const none of [undefined, null, ''])
    it(`is not there if it is ${JSON.stringify(none)}`, async () => {
      const { first } = await open(() => ({ token: 'opaque-1', expires_in: none }));
      assert.equal((await first).expiresAtMs, null);
    });
});

describe('expires_at', () => {
  it('is expiresAt', async () => {
    const { backend, first } = await open((_, now) => ({ access_token: 'opaque-1', expires_at: now + 40 }));
    assert.equal((await first).expiresAtMs, (backend.nowSeconds + 40) * 1000);
  });

  it('in milliseconds is refused', async () => {
    const { error } = await open((_, now) => ({ access_token: 'opaque-1', expires_at: now * 1000 }));
    assert.equal(error?.code, 'token-time-unit');
  });
});
