import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { redactText } from '../../demo/backend/qa/redact-text.js';
import { RequestLog } from '../../demo/backend/http/request-log.js';
import { startBackend } from './support/running-backend.js';

const backend = await startBackend();

describe('the request log', () => {
  beforeEach(() => backend.reset());

  it('logs the URL, token and result of a media request', async () => {
    const beforeMs = Date.now();
    const token = await backend.token('demo');
    await backend.get('/live/demo/high/init.mp4', token);
    await backend.get('/live/demo-low.m3u8', token);
    const [, init, refused] = await backend.log();
    assert.ok(init && refused);
    const { atMs, durationMs, bytes, ...rest } = init;
    assert.ok(atMs >= beforeMs && atMs <= Date.now() && durationMs >= 0 && bytes > 500);
    assert.deepEqual(rest, {
      method: 'GET',
      path: '/live/demo/high/init.mp4',
      query: `token=…${token.slice(-6)}`,
      kind: 'init',
      status: 200,
      stream: 'demo',
      tokenTail: token.slice(-6),
      tokenStream: 'demo',
    });
    assert.deepEqual(
      [refused.kind, refused.status, refused.stream, refused.tokenStream],
      ['playlist', 403, 'demo-low', 'demo'],
    );
  });

  it('logs what a token request asked for, even if it failed', async () => {
    await backend.fault({ tokens: { fail: 1 } });
    await backend.ask(['demo', 'demo-low']);
    const [entry] = await backend.log();
    assert.deepEqual(
      [entry?.kind, entry?.status, entry?.streams, entry?.purpose, entry?.reason],
      ['token', 503, ['demo', 'demo-low'], 'playback', 'initial'],
    );
  });

  it('contains no token, however it was sent', async () => {
    const token = await backend.token('demo-low');
    const nested = encodeURIComponent(`${backend.origin}/live/demo-low.m3u8?token=${token}`);
    const addresses = [
      `/live/demo-low.m3u8?token=${token}&x=1`,
      `/live/demo-low.m3u8?jwt=${token}`,
      `/live/demo-low.m3u8?whatever=${token}`,
      `/live/${token}/demo-low.m3u8`,
      `/hls/sign?url=${nested}`,
      `/nothing/${encodeURIComponent(token)}`,
    ];
    for (const address of addresses) await fetch(backend.origin + address);
    await fetch(`${backend.origin}/live/demo-low.m3u8`, { headers: { Authorization: `Bearer ${token}` } });
    const text = JSON.stringify(await backend.log());
    assert.equal(text.split(token.slice(-6)).length - 1 >= addresses.length, true, 'tails are there');
    for (let at = 0; at + 12 <= token.length - 6; at += 6) {
      assert.equal(text.includes(token.slice(at, at + 12)), false, `characters from ${at}`);
    }
  });

  it('removes opaque tokens by the name of their parameter', () => {
    assert.equal(redactText('?a=1&token=secret-opaque-value&b=2'), '?a=1&token=…-value&b=2');
    assert.equal(
      redactText('?url=http%3A%2F%2Fx%3Ftoken%3Dsecret-opaque-value%26b=2'),
      '?url=http%3A%2F%2Fx%3Ftoken%3D…-value%26b=2',
    );
    assert.equal(redactText('?_HLS_msn=12&b=2'), '?_HLS_msn=12&b=2');
  });

  it('omits preflights and requests to the fault switches', async () => {
    await fetch(`${backend.origin}/api/qa/faults`);
    await fetch(`${backend.origin}/live/demo.m3u8`, { method: 'OPTIONS' });
    assert.deepEqual(await backend.log(), []);
  });

  it('returns the entries since an instant', async () => {
    await backend.token('demo');
    const first = (await (await fetch(`${backend.origin}/api/qa/log`)).json()) as { nowMs: number };
    // Both requests may fall into the same millisecond.
    await new Promise((resolve) => void setTimeout(resolve, 5));
    await backend.token('demo-low');
    const url = `${backend.origin}/api/qa/log?since=${first.nowMs + 1}`;
    const { entries } = (await (await fetch(url)).json()) as { entries: { streams?: string[] }[] };
    assert.deepEqual(
      entries.map((entry) => entry.streams),
      [['demo-low']],
    );
    assert.equal((await fetch(`${backend.origin}/api/qa/log?since=yesterday`)).status, 400);
  });

  it('keeps the newest entries when it is full', () => {
    const log = new RequestLog(10);
    for (let atMs = 0; atMs < 100; atMs++) {
      log.add({
        atMs,
        method: 'GET',
        path: '/',
        query: '',
        kind: 'other',
        status: 200,
        durationMs: 0,
        bytes: 0,
      });
    }
    assert.deepEqual(
      log.since(0).map((entry) => entry.atMs),
      [90, 91, 92, 93, 94, 95, 96, 97, 98, 99],
    );
  });
});
