import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { createPinoLogger, loadConfig, serve, type RunningServer } from '@gatecast/server/node';
import { SignJWT } from 'jose';
import { bytesOf, mediaPlaylist, readAnswer, settle } from './support/media-world.js';

const SECRET = 'shared-secret-of-32-bytes-or-more';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-media-'));
const running: RunningServer[] = [];
const asked: string[] = [];
const origin = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin.test');
  const name = pathname.split('/').at(-1) ?? '';
  asked.push(`${pathname} ${searchParams.has('token') ? 'with' : 'without'} token`);
  response.end(name.endsWith('.m3u8') ? mediaPlaylist('a') : bytesOf(name));
});
let upstream = '';

before(async () => {
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  upstream = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/live`;
  writeFileSync(join(folder, 'key.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  writeFileSync(join(folder, 'shared'), SECRET);
});
after(async () => {
  await Promise.all(running.map((server) => server.stop(0)));
  origin.closeAllConnections();
  origin.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(config: Record<string, unknown>) {
  const path = join(folder, 'config.json');
  const common = {
    listen: { port: 0 },
    keys: { key: { file: 'key.pem' } },
    issuers: { playback: { type: 'jwt' } },
    authorization: { secret: { file: 'shared' }, playback: { any: true } },
  };
  writeFileSync(path, JSON.stringify({ ...common, ...config }));
  return loadConfig(path);
}

async function ask(config: Record<string, unknown>): Promise<Response> {
  const server = await serve(await load(config), createPinoLogger('silent'));
  running.push(server);
  const session = await new SignJWT({ sub: 'u' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(SECRET));
  return fetch(`http://127.0.0.1:${server.port}/api/tokens`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, multipart/mixed',
      Authorization: `Bearer ${session}`,
    },
    body: JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'initial' }),
  });
}

describe('gatecast serve with media in the first response', () => {
  it('requests the playlists that it signs, with bootstrap: "media"', async () => {
    const response = await ask({ bootstrap: 'media', playlists: { upstreams: [upstream] } });
    assert.equal(response.status, 200);
    // Only responses that may have media depend on it.
    assert.equal(response.headers.get('Vary'), 'Accept');
    await response.body?.cancel();
    while (asked.length === 0) await settle();
    assert.equal(asked[0], '/live/demo.m3u8 with token');
  });

  it('sends media with limits, and none without the option', async () => {
    const bootstrap = { url: `${upstream}/two/{stream}.m3u8`, upstreams: [upstream], budgetMs: 60_000 };
    const patient = { firstByteMs: 60_000, timeoutMs: 60_000, sendMs: 60_000 };
    const { json, names } = await readAnswer(await ask({ bootstrap: { ...bootstrap, media: patient } }));
    assert.deepEqual(Object.keys(json.playlists ?? {}), [`${upstream}/two/demo.m3u8`]);
    assert.deepEqual(names, ['a-init.mp4', 'a-4.m4s']);
    // Those of the first test may still come.
    const own = asked.filter((each) => each.startsWith('/live/two/'));
    assert.deepEqual(
      own.sort(),
      ['a-4.m4s', 'a-init.mp4', 'demo.m3u8'].map((name) => `/live/two/${name} with token`),
    );
    const limited = { ...bootstrap, media: { ...patient, maxBytes: 10 } };
    assert.deepEqual((await readAnswer(await ask({ bootstrap: limited }))).names, []);
    const none = await ask({ bootstrap });
    assert.equal(none.headers.get('Content-Type'), 'application/json');
  });

  it('refuses "media" without playlists, and limits that do not exist', async () => {
    await assert.rejects(load({ bootstrap: 'media' }), /bootstrap.*needs playlists/s);
    const bootstrap = { upstreams: [upstream], media: { maxByte: 10 } };
    await assert.rejects(load({ bootstrap }), /bootstrap/);
  });
});
