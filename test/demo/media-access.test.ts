import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { movableClock, problemOf, startBackend } from './support/running-backend.js';

const clock = movableClock();
const backend = await startBackend({ tokenTtlSeconds: 6, now: clock.now });

/** URLs in a playlist, as a player would request them. */
async function addressesIn(path: string, token: string): Promise<string[]> {
  const text = await (await backend.get(path, token)).text();
  const named = [...text.matchAll(/URI="([^"]+)"|^([^#\s].*)$/gm)].map((match) => match[1] ?? match[2] ?? '');
  return named.map((address) => new URL(address, backend.origin + path).pathname);
}

describe('access to media', () => {
  beforeEach(() => backend.reset());

  it('is refused without a token for every path', async () => {
    for (const path of [
      '/live/demo.m3u8',
      '/live/demo/high.m3u8',
      '/live/demo/high/init.mp4',
      '/live/nothing.m3u8',
    ]) {
      const response = await fetch(backend.origin + path);
      assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
      assert.equal(await problemOf(response), '401 token-missing');
    }
  });

  it('is granted to a token in the path, which relative URLs inherit', async () => {
    const playlistUrl = `${backend.origin}/t/${await backend.token('demo-low')}/live/demo-low.m3u8`;
    const response = await fetch(playlistUrl);
    assert.equal(response.status, 200);
    const [segment] = /^[^#\s].*$/m.exec(await response.text()) ?? [];
    assert.equal((await fetch(new URL(segment ?? '', playlistUrl))).status, 200);
    const foreign = playlistUrl.replace('demo-low.m3u8', 'demo-high.m3u8');
    assert.equal(await problemOf(await fetch(foreign)), '403 token-wrong-stream');
  });

  it('is granted to a token for the stream, in the query or as Bearer', async () => {
    const token = await backend.token('demo-low');
    assert.equal((await backend.get('/live/demo-low.m3u8', token)).status, 200);
    const response = await fetch(`${backend.origin}/live/demo-low.m3u8`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/vnd.apple.mpegurl');
    assert.equal(response.headers.get('Cache-Control'), 'no-store');
  });

  it('is refused to a token for another stream, in both directions', async () => {
    const [whole, part] = [await backend.token('demo'), await backend.token('demo-high')];
    assert.equal(await problemOf(await backend.get('/live/demo-high.m3u8', whole)), '403 token-wrong-stream');
    assert.equal(await problemOf(await backend.get('/live/demo/high.m3u8', part)), '403 token-wrong-stream');
  });

  it('is refused once the token has expired', async () => {
    const token = await backend.token('demo-low');
    clock.advance(5_000);
    assert.equal((await backend.get('/live/demo-low.m3u8', token)).status, 200);
    clock.advance(1_000);
    assert.equal(await problemOf(await backend.get('/live/demo-low.m3u8', token)), '403 token-expired');
  });

  it('is refused to an invalid token and to a token with another signature', async () => {
    const token = await backend.token('demo-low');
    const other = token.slice(0, -8) + (token.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
    assert.equal(await problemOf(await backend.get('/live/demo-low.m3u8', 'nonsense')), '403 token-invalid');
    assert.equal(await problemOf(await backend.get('/live/demo-low.m3u8', other)), '403 token-invalid');
  });

  it('is refused to an ingest token', async () => {
    const response = await backend.ask(['demo-low'], { purpose: 'ingest' });
    const { tokens } = (await response.json()) as { tokens: { token: string }[] };
    const refused = await backend.get('/live/demo-low.m3u8', tokens[0]?.token ?? '');
    assert.equal(await problemOf(refused), '403 token-wrong-audience');
  });

  it('is granted by one token to everything in the playlists of its stream', async () => {
    for (const stream of ['demo', 'demo-subs', 'demo-aes', 'demo-ts', 'demo-vod']) {
      const token = await backend.token(stream);
      const pending = [`/live/${stream}.m3u8`];
      const kinds = new Set<string>();
      for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
        const response = await backend.get(path, token);
        assert.equal(response.status, 200, path);
        kinds.add(path.slice(path.lastIndexOf('.')));
        if (path.endsWith('.m3u8')) pending.push(...(await addressesIn(path, token)));
      }
      assert.ok(kinds.size >= 2, `${stream} names media`);
    }
  });

  it('does not reveal to a token for another stream whether a stream exists', async () => {
    const token = await backend.token('demo-low');
    assert.equal(await problemOf(await backend.get('/live/nothing.m3u8', token)), '403 token-wrong-stream');
    const unknown = await backend.token('nothing');
    assert.equal(await problemOf(await backend.get('/live/nothing.m3u8', unknown)), '404 not-found');
  });
});

describe('media over HTTP', () => {
  beforeEach(() => backend.reset());

  it('answers range requests for a segment', async () => {
    const token = await backend.token('demo-vod');
    const whole = new Uint8Array(await (await backend.get('/live/demo-vod/0.m4s', token)).arrayBuffer());
    const cases: [range: string, status: number, from: number, to: number][] = [
      ['bytes=0-', 206, 0, whole.length],
      ['bytes=10-19', 206, 10, 20],
      ['bytes=-5', 206, whole.length - 5, whole.length],
      ['bytes=0-99999999', 206, 0, whole.length],
      ['bytes=0-1,4-5', 200, 0, whole.length],
    ];
    for (const [range, status, from, to] of cases) {
      const response = await backend.get('/live/demo-vod/0.m4s', token, { Range: range });
      assert.equal(response.status, status, range);
      assert.deepEqual(new Uint8Array(await response.arrayBuffer()), whole.slice(from, to), range);
      const described = status === 206 ? `bytes ${from}-${to - 1}/${whole.length}` : null;
      assert.equal(response.headers.get('Content-Range'), described, range);
    }
    const beyond = await backend.get('/live/demo-vod/0.m4s', token, { Range: 'bytes=99999999-' });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get('Content-Range'), `bytes */${whole.length}`);
  });

  it('lets pages of any loopback port read responses and errors, with credentials', async () => {
    for (const origin of ['http://localhost:8123', 'http://127.0.0.1:1', 'http://[::1]:99']) {
      const { headers } = await fetch(`${backend.origin}/live/demo.m3u8`, { headers: { Origin: origin } });
      assert.equal(headers.get('Access-Control-Allow-Origin'), origin);
      assert.equal(headers.get('Access-Control-Allow-Credentials'), 'true');
      assert.equal(headers.get('Timing-Allow-Origin'), origin);
      assert.match(headers.get('Access-Control-Expose-Headers') ?? '', /Retry-After/);
    }
  });

  it('lets no other page read responses', async () => {
    for (const origin of ['https://example.com', 'http://localhost.example.com', 'null']) {
      const { headers } = await fetch(`${backend.origin}/live/demo.m3u8`, { headers: { Origin: origin } });
      assert.equal(headers.get('Access-Control-Allow-Origin'), null, origin);
      assert.equal(headers.get('Timing-Allow-Origin'), null, origin);
    }
  });

  it('answers preflights for the Authorization header without a token', async () => {
    const response = await fetch(`${backend.origin}/live/demo.m3u8`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:8123',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    });
    assert.equal(response.status, 204);
    assert.match(response.headers.get('Access-Control-Allow-Headers') ?? '', /authorization/i);
  });

  it('answers HEAD with the headers of GET', async () => {
    const token = await backend.token('demo-low');
    const response = await fetch(`${backend.origin}/live/demo-low/init.mp4?token=${token}`, {
      method: 'HEAD',
    });
    assert.equal(response.status, 200);
    assert.ok(Number(response.headers.get('Content-Length')) > 500);
  });
});
