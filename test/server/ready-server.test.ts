import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import {
  createPinoLogger,
  loadConfig,
  serve,
  toNodeListener,
  type RunningServer,
} from '@gatecast/server/node';
import { SignJWT } from 'jose';
import { createFakeVendor } from '../../demo/backend/fake-vendor/fake-vendor.js';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';

const API_KEY = 'sentinel-api-key';
const SHARED_SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-ready-'));
const lines: string[] = [];
const logger = createPinoLogger('debug', { write: (line: string) => void lines.push(line) });
const running: RunningServer[] = [];

const fakeVendor = createFakeVendor({ apiKey: API_KEY, now: Date.now });
const vendor = createServer(toNodeListener(async (request) => fakeVendor.fetch(request)));
let vendorOrigin = '';

before(async () => {
  vendor.listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const address = vendor.address();
  vendorOrigin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  writeFileSync(join(folder, 'shared'), `${SHARED_SECRET}\n`);
  writeFileSync(join(folder, 'api-key'), `${API_KEY}\n`);
  writeFileSync(join(folder, 'wrong-key'), 'sentinel-wrong-key\n');
});
after(async () => {
  await Promise.all(running.map((server) => server.stop(0)));
  vendor.closeAllConnections();
  vendor.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a ready server whose callers are known by a cookie that is signed with a shared secret. */
async function start(config: Record<string, unknown>): Promise<string> {
  const path = join(folder, `${running.length}.json`);
  const authorization = {
    secret: { file: 'shared' },
    cookie: 's',
    playback: { any: true },
    ingest: { list: ['cam-*'] },
  };
  const common = { listen: { port: 0 }, keys: { key: { file: 'media.pem' } }, authorization };
  writeFileSync(path, JSON.stringify({ ...common, issuers: { playback: { type: 'jwt' } }, ...config }));
  const server = await serve(await loadConfig(path), logger);
  running.push(server);
  return `http://127.0.0.1:${server.port}`;
}

async function ask(
  origin: string,
  stream: string,
  purpose = 'playback',
  user = 'u',
  headers: Record<string, string> = {},
): Promise<Response> {
  const session = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(SHARED_SECRET));
  return fetch(`${origin}/api/tokens`, {
    method: 'POST',
    // Another host of the domain can add a cookie of the same name.
    headers: {
      'Content-Type': 'application/json',
      Cookie: `other=1; s=other; s=; s=${session}`,
      ...headers,
    },
    body: JSON.stringify({ purpose, streams: [stream], reason: 'initial' }),
  });
}

async function firstItem(response: Response): Promise<Record<string, unknown>> {
  const body = (await response.json()) as { tokens?: Record<string, unknown>[] };
  assert.equal(response.status, 200);
  return body.tokens?.[0] ?? {};
}

describe('gatecast serve with the vendor’s services', () => {
  const apiKey = { file: 'api-key' };

  it('issues STS security objects and Webcaster tokens to callers with a cookie', async () => {
    const origin = await start({
      issuers: {
        playback: {
          type: 'sts-security',
          apiKey,
          url: `${vendorOrigin}/secure/token`,
          restrictions: { tag: 'web' },
        },
        ingest: {
          type: 'webcaster-jwt',
          apiKey,
          url: `${vendorOrigin}/webcaster`,
          ingestUrl: 'rtmp://ingest.test/live',
        },
      },
    });
    const { security } = await firstItem(await ask(origin, 'abc'));
    assert.equal((security as { tag?: string }).tag, 'web');
    assert.equal(typeof (await firstItem(await ask(origin, 'cam-1', 'ingest')))['token'], 'string');
    assert.equal((await ask(origin, 'other', 'ingest')).status, 403);
  });

  it('issues playback JWTs for a group', async () => {
    const url = `${vendorOrigin}/api/v1/splay`;
    const origin = await start({
      issuers: { playback: { type: 'playback-jwt', bintuToken: apiKey, groupid: 'g', url } },
    });
    const { security } = await firstItem(await ask(origin, 'abc'));
    assert.equal(typeof (security as { jwtoken?: string }).jwtoken, 'string');
  });

  it('counts refusals of its API key as vendor errors, and does not show the key', async () => {
    const url = `${vendorOrigin}/api/v1/splay`;
    const origin = await start({
      issuers: { playback: { type: 'playback-jwt', apiKey: { file: 'wrong-key' }, url } },
    });
    const response = await ask(origin, 'abc');
    const text = await response.text();
    assert.equal(response.status, 502);
    assert.match(text, /"code":"vendor-refused".*"vendorCode":1001/);
    assert.match(
      await (await fetch(`${origin}/metrics`)).text(),
      /gatecast_vendor_errors_total\{[^}]*code="vendor-refused"\} 1/,
    );
    assert.ok(!(text + lines.join('')).includes('sentinel'), 'a secret got out');
  });
});

describe('warnings of gatecast serve at startup', () => {
  const playback = { any: true };
  const apiKey = { file: 'api-key' };

  async function warningsOf(config: Record<string, unknown>): Promise<string> {
    const before = lines.length;
    await start(config);
    return lines.slice(before).join('');
  }

  it('report http URLs of other machines, for keys and secrets', async () => {
    const exposed = await warningsOf({
      authorization: { jwksUrl: 'http://login.example/jwks.json', audience: 'a', playback },
      issuers: { playback: { type: 'sts-security', apiKey, url: 'http://vendor.example/secure/token' } },
    });
    assert.match(exposed, /authorization\.jwksUrl uses http/);
    assert.match(exposed, /issuers\.playback\.url uses http/);
    assert.doesNotMatch(exposed, /authorization\.audience/);
  });

  it('do not report https or URLs of this machine', async () => {
    const safe = await warningsOf({
      authorization: { jwksUrl: 'https://login.example/jwks.json', playback },
      issuers: { playback: { type: 'sts-security', apiKey, url: `${vendorOrigin}/secure/token` } },
    });
    assert.doesNotMatch(safe, /uses http/);
    assert.match(safe, /authorization\.audience is not set/);
  });
});

describe('the playlist cookie of gatecast serve', () => {
  const playlists = { upstreams: ['https://cdn.example/live/'] };

  for (const [what, config, isSecure] of [
    ['behind a reverse proxy', { trustedProxies: 1, playlists }, true],
    [
      'behind a reverse proxy with secure: false',
      { trustedProxies: 1, playlists: { ...playlists, secure: false } },
      false,
    ],
    ['without a reverse proxy, for http', { playlists }, false],
    ['without a reverse proxy, with secure: true', { playlists: { ...playlists, secure: true } }, true],
  ] as const) {
    it(`is ${isSecure ? '' : 'not '}Secure ${what}`, async () => {
      const response = await ask(await start(config), 'a');
      assert.equal((response.headers.get('Set-Cookie') ?? '').includes('; Secure'), isSecure);
    });
  }

  it('and that of the session follow the scheme that a trusted reverse proxy reports', async () => {
    const origin = await start({ trustedProxies: 1, playlists, limits: { maxConcurrent: 2 } });
    const namesFor = async (protocol: string) => {
      const response = await ask(origin, 'a', 'playback', protocol, { 'X-Forwarded-Proto': protocol });
      return response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')));
    };
    assert.deepEqual(await namesFor('https'), ['__Host-gatecast_session', '__Host-gatecast_playlists']);
    assert.deepEqual(await namesFor('http'), ['gatecast_session', 'gatecast_playlists']);
  });
});

describe('gatecast serve with Redis', { skip: withoutRedis }, () => {
  let redis: RunningRedis;
  let origin: string;
  before(async () => {
    redis = await startRedis();
    writeFileSync(join(folder, 'redis'), `redis://127.0.0.1:${redis.client.options.port ?? 0}`);
    origin = await start({
      limits: { user: { perMinute: 3, burst: 0 }, maxConcurrent: 2 },
      store: { redis: { file: 'redis' } },
    });
    for (let tries = 0; tries < 3000 && (await fetch(`${origin}/readyz`)).status !== 200; tries += 1) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  });
  after(() => redis.stop());

  it('stores limits in Redis', async () => {
    for (const stream of ['a', 'b']) assert.equal((await ask(origin, stream)).status, 200);
    const third = await ask(origin, 'c');
    assert.equal(third.status, 403, 'a third stream at once');
    const fourth = await ask(origin, 'a');
    assert.equal(fourth.status, 429);
    assert.ok(Number(fourth.headers.get('Retry-After')) > 0);
    assert.ok((await redis.client.keys('gatecast:*')).length >= 2);
  });

  it('waits once for a store that hangs, refuses at once after that, and comes back with it', async () => {
    const before = lines.length;
    redis.hang(true);
    const statusOf = async () => (await ask(origin, 'a', 'playback', 'hung')).status;
    assert.equal(await statusOf(), 503);
    const startedAtMs = performance.now();
    for (let i = 0; i < 20; i += 1) assert.equal(await statusOf(), 503);
    const control = 20 * 1000;
    assert.ok(performance.now() - startedAtMs < control / 4, 'each request waits for the store');
    const told = lines
      .slice(before)
      .filter((line) => line.includes('store') && /"level":(?:50|"error")/.test(line));
    assert.ok(told.length <= 2, told.join('\n'));
    redis.hang(false);
    for (let tries = 0; tries < 3000 && (await statusOf()) === 503; tries += 1) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    assert.ok([200, 403, 429].includes(await statusOf()));
    assert.ok(lines.some((line) => line.includes('The store responds again')));
  });

  it('is not ready and refuses requests while the store is down, and logs it', async () => {
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
    await redis.kill();
    assert.equal((await fetch(`${origin}/readyz`)).status, 503);
    assert.equal((await fetch(`${origin}/healthz`)).status, 200);
    const response = await ask(origin, 'a', 'playback', 'v');
    assert.equal(response.status, 503);
    assert.equal(((await response.json()) as { code: string }).code, 'store-unavailable');
    assert.ok(lines.some((line) => line.includes('The store is down')));
  });
});
