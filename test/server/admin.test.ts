import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createRevocationHandler, createRevocations, generateSigningKey } from '@gatecast/server';
import { createPinoLogger, loadConfig, serve, type RunningServer } from '@gatecast/server/node';
import { SignJWT } from 'jose';
import { configFaults } from '../../packages/server/src/serve/config-faults.js';
import { runProgram } from '../../packages/server/src/cli/program.js';
import { EventReader } from './support/read-events.js';
import { startRedis, withoutRedis } from './support/redis-server.js';

const ADMIN_KEY = 'sentinel-admin-key-of-32-characters-or-more';
const SHARED_SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-admin-'));
const lines: string[] = [];
const running: RunningServer[] = [];

before(async () => {
  writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  writeFileSync(join(folder, 'shared'), SHARED_SECRET);
  writeFileSync(join(folder, 'admin.key'), `${ADMIN_KEY}\n`);
  writeFileSync(join(folder, 'short.key'), 'short');
});
after(async () => {
  await Promise.all(running.map((server) => server.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

async function start(config: Record<string, unknown>): Promise<RunningServer> {
  const path = join(folder, `${running.length}.json`);
  const common = {
    listen: { port: 0 },
    keys: { key: { file: 'media.pem' } },
    authorization: { secret: { file: 'shared' }, playback: { any: true } },
    issuers: { playback: { type: 'jwt', ttlSeconds: 120 } },
  };
  writeFileSync(path, JSON.stringify({ ...common, ...config }));
  const logger = createPinoLogger('debug', { write: (line: string) => void lines.push(line) });
  const server = await serve(await loadConfig(path), logger);
  running.push(server);
  return server;
}

/** Headers of a viewer who has signed in. */
async function signedIn(user: string): Promise<Record<string, string>> {
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(SHARED_SECRET));
  return { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
}

const tokenRequest = (user: string) => async (port: number) =>
  fetch(`http://127.0.0.1:${port}/api/tokens`, {
    method: 'POST',
    headers: await signedIn(user),
    body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
  });

/** Runs a command of gatecast in this process. */
async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await runProgram(args, {
    out: (text) => void (out += text),
    note: (text) => void (err += text),
    readStdin: async () => ADMIN_KEY,
    now: Date.now,
  });
  return { code, out, err };
}

describe('createRevocationHandler', () => {
  const revocations = createRevocations({ longestLifeSeconds: 60 });
  const handler = createRevocationHandler({ revocations, key: ADMIN_KEY });
  const call = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await handler(
      new Request(`http://127.0.0.1:9101/admin/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          Authorization: `Bearer ${ADMIN_KEY}`,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    return { status: response.status, headers: response.headers, body: (await response.json()) as object };
  };

  it('revokes, lists and allows', async () => {
    const { status, headers, body } = await call('revoke', { user: 'u', stream: 'a', reason: 'Ticket 7' });
    assert.equal(status, 200);
    assert.equal(headers.get('Cache-Control'), 'no-store');
    const { revocation } = body as { revocation: Record<string, unknown> };
    assert.deepEqual(
      [revocation['user'], revocation['code'], revocation['newTokens']],
      ['u', 'revoked', 'refuse'],
    );
    await call('revoke', { stream: 'b' });
    const all = (await call('revocations')).body as { revocations: object[]; total: number };
    assert.equal(all.total, 2);
    const ofUser = (await call('revocations?user=u')).body as { revocations: { reason: string }[] };
    assert.deepEqual(
      ofUser.revocations.map(({ reason }) => reason),
      ['Ticket 7'],
    );
    assert.deepEqual((await call('allow', { user: 'u' })).body, { allowed: false });
    assert.deepEqual((await call('allow', { user: 'u', stream: 'a' })).body, { allowed: true });
  });

  const refusals: readonly (readonly [string, () => ReturnType<typeof call>, number, string])[] = [
    ['no key', () => call('revoke', { user: 'u' }, { Authorization: '' }), 401, 'unauthenticated'],
    [
      'another key',
      () => call('revoke', { user: 'u' }, { Authorization: `Bearer ${ADMIN_KEY}x` }),
      401,
      'unauthenticated',
    ],
    [
      'the key in another scheme',
      () => call('revocations', undefined, { Authorization: `DPoP ${ADMIN_KEY}` }),
      401,
      'unauthenticated',
    ],
    ['no target', () => call('revoke', {}), 400, 'request-invalid'],
    ['a reason for allow', () => call('allow', { user: 'u', reason: 'x' }), 400, 'request-invalid'],
    ['no JSON', () => call('revoke', '{'), 400, 'request-invalid'],
    ['a form', () => call('revoke', 'a=b', { 'Content-Type': 'text/plain' }), 415, 'media-type-unsupported'],
    ['a large body', () => call('revoke', { reason: 'x'.repeat(9000) }), 413, 'request-too-large'],
    ['GET for revoke', () => call('revoke'), 405, 'method-not-allowed'],
    ['another route', () => call('constructor'), 404, 'not-found'],
  ];
  for (const [name, request, status, code] of refusals) {
    it(`refuses ${name}`, async () => {
      const refused = await request();
      assert.equal(refused.status, status);
      assert.equal((refused.body as { code: string }).code, code);
      assert.equal(refused.headers.get('Content-Type'), 'application/problem+json');
    });
  }

  it('does not start with a short key', () => {
    assert.throws(() => createRevocationHandler({ revocations, key: 'short' }), /32 characters/);
  });
});

describe('gatecast serve with a port for operators', () => {
  it('revokes by the command, tells the page at once, and allows again', async () => {
    const server = await start({ admin: { port: 0, key: { file: 'admin.key' } }, push: true });
    const ask = tokenRequest('u-1');
    const granted = (await (await ask(server.port)).json()) as { push?: boolean };
    assert.equal(granted.push, true);
    const events = new EventReader(
      await fetch(`http://127.0.0.1:${server.port}/api/tokens?purpose=playback&stream=a`, {
        headers: { ...(await signedIn('u-1')), Accept: 'text/event-stream' },
      }),
    );
    const at = ['--url', `http://127.0.0.1:${server.adminPort}`, '--key-file', join(folder, 'admin.key')];
    const done = await run('revoke', ...at, '--user', 'u-1', '--reason', 'Ticket 7', '--for', '3600');
    assert.match(done.out, /^revoked until 20\d\d-/);
    assert.equal(done.err, '');
    assert.deepEqual(await events.next(), {
      event: 'off',
      data: { code: 'revoked', streams: ['a'], reason: 'Ticket 7' },
    });
    assert.equal(((await (await ask(server.port)).json()) as { code: string }).code, 'revoked');
    assert.match((await run('revoke', ...at, '--list')).out, /"user": "u-1"[^]*"total": 1/);
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    assert.match(metrics, /gatecast_revocations_total\{change="revoked"\} 1/);
    assert.match(metrics, /gatecast_revocations_in_force 1/);
    assert.match(metrics, /gatecast_event_streams_open 1/);
    assert.equal((await run('revoke', ...at, '--user', 'u-1', '--lift')).out, 'allowed again\n');
    assert.equal((await events.next())?.event, 'on');
    assert.equal((await run('revoke', ...at, '--user', 'u-1', '--lift')).code, 1);
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/admin/revocations`)).status, 404);
    await server.stop(5000);
    assert.equal(await events.next(), null, 'the server waits for its pages');
    assert.ok(!lines.join('').includes('sentinel'), 'a key got into the log');
  });

  it('reaches all instances through Redis, from their first request on', { skip: withoutRedis }, async () => {
    const redis = await startRedis();
    process.env['ADMIN_TEST_REDIS'] = `redis://127.0.0.1:${String(redis.client.options.port)}`;
    const shared = { store: { redis: { env: 'ADMIN_TEST_REDIS' } }, push: true };
    const one = await start({ ...shared, admin: { port: 0, key: { file: 'admin.key' } } });
    const two = await start(shared);
    const ask = tokenRequest('u-2');
    assert.equal((await ask(two.port)).status, 200, 'the first request is refused');
    const events = new EventReader(
      await fetch(`http://127.0.0.1:${two.port}/api/tokens?purpose=playback&stream=a`, {
        headers: { ...(await signedIn('u-2')), Accept: 'text/event-stream' },
      }),
    );
    const at = ['--url', `http://127.0.0.1:${one.adminPort}`, '--key-file', join(folder, 'admin.key')];
    const done = await run('revoke', ...at, '--user', 'u-2');
    assert.equal(done.code, 0, done.err);
    assert.equal((await events.next())?.event, 'off');
    assert.equal((await ask(two.port)).status, 403);
    await Promise.all([one.stop(5000), two.stop(5000)]);
    await redis.stop();
  });

  it('needs Redis with several workers, which would not know of each other’s revocations', () => {
    const faults = configFaults({
      keys: { directory: 'keys' },
      authorization: { secret: { env: 'SECRET' }, playback: { any: true } },
      issuers: { playback: { type: 'jwt' } },
      workers: 2,
      admin: { port: 9101, key: { env: 'ADMIN_KEY' } },
    });
    assert.match(faults.join('\n'), /store\.redis/);
  });

  it('needs no Redis with several workers if push is false', () => {
    const faults = configFaults({
      keys: { directory: 'keys' },
      authorization: { secret: { env: 'SECRET' }, playback: { any: true } },
      issuers: { playback: { type: 'jwt' } },
      workers: 2,
      push: false,
    });
    assert.deepEqual(faults, []);
  });

  it('has no port and no events without the options', async () => {
    const server = await start({});
    assert.equal(server.adminPort, undefined);
    const response = await fetch(`http://127.0.0.1:${server.port}/api/tokens?purpose=playback&stream=a`, {
      headers: { Accept: 'text/event-stream' },
    });
    assert.equal(response.status, 405);
  });

  it('does not start with a short key, and leaves no port open', async () => {
    await assert.rejects(start({ admin: { port: 0, key: { file: 'short.key' } } }), /openssl rand/);
  });
});

describe('gatecast revoke', () => {
  const wrong: readonly (readonly [string, string[], RegExp])[] = [
    ['no server', ['--user', 'u'], /Name the server/],
    ['no target', ['--url', 'http://127.0.0.1:1', '--key-file', '-'], /--user, --stream or --jti/],
    [
      'a reason for what is lifted',
      ['--url', 'http://127.0.0.1:1', '--key-file', '-', '--user', 'u', '--lift', '--reason', 'x'],
      /Leave them out/,
    ],
    ['an address that is none', ['--url', 'ftp://x', '--key-file', '-', '--user', 'u'], /not an http/],
    [
      'a server that is not there',
      ['--url', 'http://127.0.0.1:1', '--key-file', '-', '--user', 'u'],
      /cannot be reached/,
    ],
  ];
  for (const [name, args, message] of wrong) {
    it(`ends with a message for ${name}`, async () => {
      const { code, err } = await run('revoke', ...args);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }

  it('names what the server refuses', async () => {
    const server = await start({ admin: { port: 0, key: { file: 'admin.key' } } });
    const at = ['--url', `http://127.0.0.1:${server.adminPort}/admin/`];
    const wrongKey = await run('revoke', ...at, '--key-file', join(folder, 'shared'), '--user', 'u');
    assert.match(wrongKey.err, /refused the key/);
    const invalid = await run('revoke', ...at, '--key-file', '-', '--stream', '../a');
    assert.match(invalid.err, /400\. "stream" is not the name of a stream/);
    assert.ok(!(wrongKey.err + invalid.err).includes('sentinel'));
  });

  it('accepts the longest time, by the clock of the server, and says what follows the default end', async () => {
    const server = await start({ admin: { port: 0, key: { file: 'admin.key' } } });
    const at = ['--url', `http://127.0.0.1:${server.adminPort}`, '--key-file', '-'];
    const year = await run('revoke', ...at, '--user', 'u', '--for', '31536000');
    assert.equal(year.code, 0, year.err);
    assert.match((await run('revoke', ...at, '--user', 'u')).err, /Set --for for longer/);
    assert.equal((await run('revoke', ...at, '--user', 'u', '--allow-new-tokens')).err, '');
  });

  it('prints the text of another server without what acts upon a terminal, and not all of it', async () => {
    const detail = `\u001b[2J\u202e${'x'.repeat(5000)}`;
    const other = createServer((_, response) => {
      response.writeHead(500, { 'Content-Type': 'application/json' }).end(JSON.stringify({ detail }));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const at = ['--url', `http://127.0.0.1:${port}`, '--key-file', '-'];
    const { err } = await run('revoke', ...at, '--user', 'u');
    other.close();
    assert.match(err, /500\. \\u001b\[2J\\u202exxx/);
    assert.ok(err.length < 500);
  });

  it('reads the address and the key from the configuration', async () => {
    const path = join(folder, 'config.json');
    const config = {
      keys: { key: { file: 'media.pem' } },
      authorization: { secret: { file: 'shared' }, playback: { any: true } },
      issuers: { playback: { type: 'jwt' } },
    };
    writeFileSync(path, JSON.stringify(config));
    assert.match((await run('revoke', '--config', path, '--user', 'u')).err, /no port for operators/);
    const server = await start({ admin: { port: 0, key: { file: 'admin.key' } } });
    writeFileSync(
      path,
      JSON.stringify({ ...config, admin: { port: server.adminPort, key: { file: 'admin.key' } } }),
    );
    assert.equal((await run('revoke', '--config', path, '--stream', 'a', '--moved')).code, 0);
    assert.equal(((await (await tokenRequest('v')(server.port)).json()) as { code: string }).code, 'moved');
  });
});
