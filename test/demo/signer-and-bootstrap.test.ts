import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { startBackend } from './support/running-backend.js';

const backend = await startBackend({ tokenTtlSeconds: 6 });

async function sessionCookie(streams: readonly string[]): Promise<string> {
  const response = await backend.ask(streams);
  const [cookie = ''] = response.headers.getSetCookie();
  assert.match(cookie, /; Path=\/; .*HttpOnly; SameSite=Lax/);
  return cookie.split(';')[0] ?? '';
}

const sign = (path: string, cookie: string): Promise<Response> =>
  fetch(`${backend.origin}/hls/sign?url=${encodeURIComponent(backend.origin + path)}`, {
    headers: { Cookie: cookie },
  });

/** The addresses of segments and init segments. */
function addressesIn(playlist: string): string[] {
  return [...playlist.matchAll(/^[^#\n]+$/gm), ...playlist.matchAll(/(?<=URI=")[^"]+/g)].map(String);
}

/** Requests an address of a playlist, and follows the signer's redirect. */
const open = (address: string, cookie: string): Promise<Response> =>
  fetch(new URL(address, backend.origin), { headers: { Cookie: cookie } });

describe('the playlist signer of the demo', () => {
  beforeEach(() => backend.reset());

  it('signs segments and init segments of a session, starting at the multivariant playlist', async () => {
    const cookie = await sessionCookie(['demo']);
    const multivariant = await (await sign('/live/demo.m3u8', cookie)).text();
    const [child = ''] = /^\/hls\/sign\S+$/m.exec(multivariant) ?? [];
    const media = await fetch(backend.origin + child, { headers: { Cookie: cookie } });
    const text = await media.text();
    const addresses = addressesIn(text);
    assert.equal(addresses.length, 11);
    for (const address of addresses) assert.equal((await open(address, cookie)).status, 200);
  });

  for (const ttlSeconds of [6, 30]) {
    it(`issues no token of more than ${ttlSeconds} s for a recording, if TOKEN_TTL is ${ttlSeconds}`, async () => {
      await backend.fault({ tokens: { ttlSeconds } });
      const cookie = await sessionCookie(['demo-vod']);
      const text = await (await sign('/live/demo-vod.m3u8', cookie)).text();
      const addresses = addressesIn(text);
      assert.equal(addresses.length, 31);
      for (const address of addresses) {
        const response = await open(address, cookie);
        assert.equal(response.status, 200);
        await response.body?.cancel();
        const { exp = Infinity, iat = 0 } = decodeJwt(new URL(response.url).searchParams.get('token') ?? '');
        assert.ok(exp - iat <= ttlSeconds, `a token lives for ${exp - iat} s`);
      }
    });
  }

  it('treats all names of the loopback as one host', async () => {
    const cookie = await sessionCookie(['demo-low']);
    const url = `${backend.origin.replace('127.0.0.1', 'localhost')}/live/demo-low.m3u8`;
    const response = await fetch(`${backend.origin}/hls/sign?url=${encodeURIComponent(url)}`, {
      headers: { Cookie: cookie },
    });
    assert.equal(response.status, 200);
  });

  it('refuses requests without a session, for another stream, and for other URLs', async () => {
    assert.equal((await sign('/live/demo-low.m3u8', '')).status, 401);
    const cookie = await sessionCookie(['demo-low']);
    assert.equal((await sign('/live/demo-high.m3u8', cookie)).status, 403);
    assert.equal((await sign('/api/qa/log', cookie)).status, 403);
    const elsewhere = encodeURIComponent('http://127.0.0.1:1/live/demo-low.m3u8');
    const response = await fetch(`${backend.origin}/hls/sign?url=${elsewhere}`, {
      headers: { Cookie: cookie },
    });
    assert.equal(response.status, 403);
  });

  it('is logged as one request, and subject to the faults of the origin', async () => {
    const cookie = await sessionCookie(['demo-low']);
    await backend.fault({ media: { reject: { kind: 'playlist', count: 1 } } });
    const statuses = [
      (await sign('/live/demo-low.m3u8', cookie)).status,
      (await sign('/live/demo-low.m3u8', cookie)).status,
    ];
    assert.deepEqual(statuses, [403, 200]);
    assert.deepEqual(
      (await backend.log()).map((entry) => [entry.kind, entry.status]),
      [
        ['token', 200],
        ['sign', 403],
        ['sign', 200],
      ],
    );
  });
});

describe('playlists in the token answer', () => {
  beforeEach(() => backend.reset());

  it('are sent on request, under the URLs that a player requests', async () => {
    const { tokens, playlists = {} } = await backend.answer(['demo'], '/api/tokens?bootstrap');
    const token = tokens[0]?.token ?? '';
    const paths = [
      '/live/demo.m3u8',
      '/live/demo/high.m3u8',
      '/live/demo/medium.m3u8',
      '/live/demo/low.m3u8',
    ];
    assert.deepEqual(Object.keys(playlists).sort(), paths.map((path) => backend.origin + path).sort());
    const [path = ''] = paths;
    assert.equal(playlists[backend.origin + path], await (await backend.get(path, token)).text());
  });

  it('are sent or omitted as a fault sets', async () => {
    await backend.fault({ tokens: { bootstrap: true } });
    assert.ok((await backend.answer(['demo-low'])).playlists);
    await backend.fault({ tokens: { bootstrap: false } });
    assert.equal((await backend.answer(['demo-low'], '/api/tokens?bootstrap')).playlists, undefined);
  });

  it('are not sent by default', async () => {
    assert.equal((await backend.answer(['demo'])).playlists, undefined);
  });
});
