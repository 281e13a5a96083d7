import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { mergePatch } from '@gatecast/qa/internal/faults/merge-patch';
import { movableClock, problemOf, startBackend } from './support/running-backend.js';

const clock = movableClock();
const backend = await startBackend({ tokenTtlSeconds: 30, now: clock.now });

async function tokenItem(stream = 'demo-low'): Promise<{ token: string; expiresAt?: number }> {
  const [item] = (await backend.answer([stream])).tokens;
  assert.ok(item);
  return item;
}

async function playlistStatus(token: string, stream = 'demo-low'): Promise<string> {
  const response = await backend.get(`/live/${stream}.m3u8`, token);
  return response.ok ? String(response.status) : problemOf(response);
}

describe('fault switches', () => {
  beforeEach(() => backend.reset());

  it('merge a patch, remove null members, and clear', async () => {
    await backend.fault({ tokens: { fail: 3, status: 429 }, latencyMs: 1 });
    await backend.fault({ tokens: { status: null, retryAfterSeconds: 2 }, latencyMs: null });
    const shown = async (): Promise<unknown> => (await fetch(`${backend.origin}/api/qa/faults`)).json();
    assert.deepEqual(await shown(), { tokens: { fail: 3, retryAfterSeconds: 2 } });
    await fetch(`${backend.origin}/api/qa/faults`, { method: 'DELETE' });
    assert.deepEqual(await shown(), {});
  });

  it('refuse an invalid patch, name its path, and change nothing', async () => {
    await backend.fault({ tokens: { fail: 1 } });
    const nonsense: [patch: unknown, place: RegExp][] = [
      [{ token: {} }, /^token:/],
      [{ tokens: { fail: -1 } }, /^tokens\.fail:/],
      [{ tokens: { shape: 'xml' } }, /^tokens\.shape:/],
      [{ media: { reject: { stream: 'demo', kind: 'picture' } } }, /^media\.reject/],
      [{ clockSkewSeconds: 'late' }, /^clockSkewSeconds:/],
      [[], /./],
      ['text', /./],
    ];
    for (const [patch, place] of nonsense) {
      const response = await backend.fault(patch);
      assert.equal(response.status, 400, JSON.stringify(patch));
      assert.match(((await response.json()) as { detail: string }).detail, place);
    }
    const broken = await fetch(`${backend.origin}/api/qa/faults`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    });
    assert.equal(await problemOf(broken), '400 request-invalid');
    const shown: unknown = await (await fetch(`${backend.origin}/api/qa/faults`)).json();
    assert.deepEqual(shown, { tokens: { fail: 1 } });
  });

  it('follow the examples of RFC 7396', () => {
    const examples: [target: unknown, patch: unknown, result: unknown][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: 'foo' }, 'bar', 'bar'],
      [['a'], { b: 1 }, { b: 1 }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, result] of examples) assert.deepEqual(mergePatch(target, patch), result);
  });
});

describe('token faults', () => {
  beforeEach(() => backend.reset());

  it('fail the given number of times, with status and Retry-After', async () => {
    await backend.fault({ tokens: { fail: 2, status: 503, retryAfterSeconds: 4 } });
    const answers = [await backend.ask(['demo']), await backend.ask(['demo']), await backend.ask(['demo'])];
    assert.deepEqual(
      answers.map((answer) => [answer.status, answer.headers.get('Retry-After')]),
      [
        [503, '4'],
        [503, '4'],
        [200, null],
      ],
    );
    assert.equal(answers[0]?.headers.get('Content-Type'), 'application/problem+json');
  });

  it('set the lifetime for all streams or for single ones', async () => {
    const lifeOf = async (stream: string): Promise<number> => {
      const { expiresAt = 0 } = await tokenItem(stream);
      return expiresAt - Math.floor(clock.now() / 1000);
    };
    assert.equal(await lifeOf('demo'), 30);
    await backend.fault({ tokens: { ttlSeconds: 5 } });
    assert.equal(await lifeOf('demo'), 5);
    await backend.fault({ tokens: { ttlSeconds: null } });
    await backend.fault({ tokens: { ttlSeconds: { 'demo-low': 7 } } });
    assert.deepEqual([await lifeOf('demo-low'), await lifeOf('demo-high')], [7, 30]);
  });

  it('refuse one stream and issue tokens for the others', async () => {
    await backend.fault({ tokens: { refuse: 'demo-low' } });
    const { tokens } = await backend.answer(['demo-low', 'demo-high']);
    assert.deepEqual(
      tokens.map((item) => item.stream),
      ['demo-high'],
    );
    assert.equal(await problemOf(await backend.ask(['demo-low'])), '403 forbidden');
  });

  it('answer in every response shape', async () => {
    const bodyIn = async (shape: string): Promise<[type: string, body: string]> => {
      await backend.fault({ tokens: { shape } });
      const response = await backend.ask(['demo-low']);
      return [response.headers.get('Content-Type') ?? '', await response.text()];
    };
    const isGood = async (token: unknown): Promise<void> => {
      assert.equal(await playlistStatus(String(token)), '200');
    };
    const [textType, text] = await bodyIn('text');
    assert.match(textType, /^text\/plain/);
    await isGood(text);
    await isGood((JSON.parse((await bodyIn('token'))[1]) as { token: string }).token);
    const data = JSON.parse((await bodyIn('data'))[1]) as { success: boolean; data: { token: string } };
    assert.equal(data.success, true);
    await isGood(data.data.token);
    const { h5live } = JSON.parse((await bodyIn('h5live'))[1]) as {
      h5live: { security: { jwtoken: string } };
    };
    await isGood(h5live.security.jwtoken);
    await isGood((JSON.parse((await bodyIn('jwtoken'))[1]) as { jwtoken: string }).jwtoken);
    assert.doesNotMatch((await bodyIn('wrong'))[1], /eyJ/);
    assert.match((await bodyIn('html')).join('\n'), /^text\/html.*\n<!doctype html>/);
  });

  it('issue the same token again', async () => {
    await backend.fault({ tokens: { repeat: true } });
    const first = await backend.token('demo-low');
    clock.advance(2_000);
    assert.ok((await backend.token('demo-low')) === first, 'the same token');
    await backend.fault({ tokens: { repeat: false } });
    assert.ok((await backend.token('demo-low')) !== first, 'another token');
  });

  it('issue expired tokens and tokens that are not yet valid', async () => {
    await backend.fault({ tokens: { expired: true } });
    assert.equal(await playlistStatus((await tokenItem()).token), '403 token-expired');
    await backend.fault({ tokens: { expired: null, notYetValid: true } });
    assert.equal(await playlistStatus((await tokenItem()).token), '403 token-not-yet-valid');
  });

  it('write times in milliseconds, or omit them', async () => {
    await backend.fault({ tokens: { milliseconds: true } });
    assert.ok(((await tokenItem()).expiresAt ?? 0) > 1e12);
    await backend.fault({
      tokens: { milliseconds: null, omitExpiresAt: true, omitServerTime: true, omitIat: true },
    });
    const answer = await backend.answer(['demo-low']);
    const [item] = answer.tokens;
    assert.equal(item?.expiresAt, undefined);
    assert.equal(answer.serverTime, undefined);
    const claims = decodeJwt(item?.token ?? '');
    assert.equal(claims.iat, undefined);
    assert.equal(typeof claims.exp, 'number');
  });

  for (const fault of ['omitExp', 'opaque'] as const) {
    it(`let the origin enforce the expiry of tokens with ${fault}`, async () => {
      await backend.fault({ tokens: { [fault]: true } });
      const { token, expiresAt } = await tokenItem();
      assert.equal(expiresAt, undefined);
      if (fault === 'omitExp') assert.equal(decodeJwt(token).exp, undefined);
      else assert.ok(!token.includes('.'), 'no JWT');
      assert.equal(await playlistStatus(token), '200');
      assert.equal(await playlistStatus(token, 'demo-high'), '403 token-wrong-stream');
      clock.advance(30_000);
      assert.equal(await playlistStatus(token), '403 token-expired');
    });
  }

  it('revoke every token issued so far, and none issued later', async () => {
    const before = await backend.token('demo-low');
    await backend.fault({ expireNow: true });
    const after = await backend.token('demo-low');
    assert.equal(await playlistStatus(before), '403 token-revoked');
    assert.equal(await playlistStatus(after), '200');
  });

  it('skew the clock for both minting and checking', async () => {
    await backend.fault({ clockSkewSeconds: 600 });
    const answer = await backend.answer(['demo-low']);
    const [item] = answer.tokens;
    assert.ok(item);
    assert.equal(answer.serverTime, Math.floor(clock.now() / 1000) + 600);
    assert.equal(item.expiresAt, answer.serverTime + 30);
    assert.equal(await playlistStatus(item.token), '200');
    await backend.fault({ clockSkewSeconds: -600 });
    const earlier = (await backend.answer(['demo-low'])).serverTime ?? 0;
    assert.equal(earlier, Math.floor(clock.now() / 1000) - 600);
  });

  it('cut the connection', async () => {
    await backend.fault({ tokens: { down: true } });
    await assert.rejects(backend.ask(['demo']), TypeError);
    const [entry] = await backend.log();
    assert.deepEqual([entry?.kind, entry?.status], ['token', 0]);
  });
});

describe('media faults', () => {
  beforeEach(() => backend.reset());

  it('reject one stream by name until cleared', async () => {
    const [low, high] = [await backend.token('demo-low'), await backend.token('demo-high')];
    await backend.fault({ media: { reject: 'demo-low' } });
    assert.equal(await playlistStatus(low), '403 token-revoked');
    assert.equal(await playlistStatus(low), '403 token-revoked');
    assert.equal(await playlistStatus(high, 'demo-high'), '200');
    await backend.fault({ media: { reject: null } });
    assert.equal(await playlistStatus(low), '200');
  });

  it('reject a kind of request the given number of times', async () => {
    const token = await backend.token('demo-vod');
    await backend.fault({
      media: { reject: [{ kind: 'segment', count: 2, status: 503, retryAfterSeconds: 1 }, 'demo-high'] },
    });
    const statusOf = async (file: string): Promise<number> =>
      (await backend.get(`/live/demo-vod${file}`, token)).status;
    assert.deepEqual([await statusOf('.m3u8'), await statusOf('/init.mp4')], [200, 200]);
    assert.deepEqual(
      [await statusOf('/0.m4s'), await statusOf('/1.m4s'), await statusOf('/2.m4s')],
      [503, 503, 200],
    );
  });

  it('hide refusals from pages of other origins, as a CDN without CORS headers does', async () => {
    const allowed = async (path: string) => {
      const headers = { Origin: 'http://localhost:1' };
      const response = await fetch(`${backend.origin}${path}`, { headers });
      return [response.status, response.headers.get('Access-Control-Allow-Origin')];
    };
    const token = await backend.token('demo-vod');
    await backend.fault({ media: { hideRefusals: true } });
    assert.deepEqual(await allowed('/live/demo-vod.m3u8'), [401, null]);
    assert.deepEqual(await allowed(`/live/demo-vod.m3u8?token=${token}`), [200, 'http://localhost:1']);
    await backend.reset();
    assert.deepEqual(await allowed('/live/demo-vod.m3u8'), [401, 'http://localhost:1']);
  });

  it('cut connections, delay and throttle', async () => {
    const token = await backend.token('demo-vod');
    await backend.fault({ media: { down: true } });
    await assert.rejects(backend.get('/live/demo-vod.m3u8', token), TypeError);
    await backend.fault({ media: { down: null, latencyMs: 120 } });
    const before = performance.now();
    await (await backend.get('/live/demo-vod/init.mp4', token)).arrayBuffer();
    assert.ok(performance.now() - before >= 115);

    const whole = await (await backend.get('/live/demo-vod/0.m4s', token)).arrayBuffer();
    await backend.fault({ media: { latencyMs: null, throttleKbps: 1_000 } });
    const start = performance.now();
    const slow = await (await backend.get('/live/demo-vod/0.m4s', token)).arrayBuffer();
    const expectedMs = (whole.byteLength * 8) / 1_000;
    assert.ok(performance.now() - start >= expectedMs * 0.9);
    assert.deepEqual(new Uint8Array(slow), new Uint8Array(whole));
    const entry = (await backend.log()).at(-1);
    assert.ok((entry?.durationMs ?? 0) >= expectedMs * 0.9, 'logged to the last byte');
  });
});
