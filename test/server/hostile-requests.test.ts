import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { createPinoLogger, loadConfig, serve, type RunningServer } from '@gatecast/server/node';
import { SignJWT } from 'jose';
import { hostileRequests } from '../support/hostile-requests.js';
import { rawRequest } from '../support/raw-request.js';

const SHARED_SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-hostile-'));
const lines: string[] = [];
const running: RunningServer[] = [];
let port: number;

async function start(config: Record<string, unknown> = {}): Promise<RunningServer> {
  const path = join(folder, `${running.length}.json`);
  const common = {
    listen: { port: 0 },
    keys: { key: { file: 'media.pem' } },
    authorization: { secret: { file: 'shared' }, cookie: 's', playback: { any: true } },
    issuers: { playback: { type: 'jwt' } },
  };
  writeFileSync(path, JSON.stringify({ ...common, ...config }));
  const logger = createPinoLogger('info', { write: (line: string) => void lines.push(line) });
  const server = await serve(await loadConfig(path), logger);
  running.push(server);
  return server;
}

async function session(): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('viewer')
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(SHARED_SECRET));
}

before(async () => {
  writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  writeFileSync(join(folder, 'shared'), `${SHARED_SECRET}\n`);
  port = (await start()).port;
});
after(async () => {
  await Promise.all(running.map((server) => server.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

async function statusOf(toPort: number, path: string, host = 'localhost'): Promise<number> {
  return (await rawRequest(toPort, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status;
}

describe('gatecast serve and hostile requests', () => {
  const table = hostileRequests({
    host: 'localhost',
    jsonPath: '/api/tokens',
    unknown: [404, 405],
    invalid: [400, 404, 405],
  });
  for (const { name, bytes, statuses, abort } of table) {
    it(`answers to ${name}, and to the next request`, async () => {
      const { status, text } = await rawRequest(port, bytes, { abort: abort === true });
      assert.ok(statuses.includes(status), `${status}, not ${statuses.join(' or ')}`);
      assert.doesNotMatch(text, /root:|node_modules|\bat .*\.[jt]s:\d/);
      assert.equal(await statusOf(port, '/healthz'), 200);
    });
  }

  it('logs no request of the table as a failure of the server', () => {
    assert.doesNotMatch(lines.join(''), /"level":50/);
  });

  it('answers to the host names in the configuration only, and to any without it', async () => {
    for (const host of ['localhost', 'any.example:81'])
      assert.equal(await statusOf(port, '/healthz', host), 200);
    const named = await start({ listen: { port: 0, hosts: ['tokens.example', '[::1]'] } });
    for (const path of ['/healthz', '/metrics', '/api/tokens', '/.well-known/jwks.json', '/none']) {
      for (const host of ['tokens.example', 'TOKENS.example:8080', '[::1]:80'])
        assert.notEqual(await statusOf(named.port, path, host), 421, `${path} at ${host}`);
      for (const host of ['evil.example', 'localhost', 'tokens.example.evil.example'])
        assert.equal(await statusOf(named.port, path, host), 421, `${path} at ${host}`);
    }
    assert.equal(await statusOf(named.port, 'http://evil.example/healthz', 'tokens.example'), 421);
  });

  it('serves /metrics on a port of its own, if the configuration has one', async () => {
    const { port: open, metricsPort } = await start({ metrics: { port: 0, hosts: ['localhost'] } });
    assert.ok(metricsPort !== undefined && metricsPort > 0);
    assert.deepEqual([await statusOf(open, '/metrics'), await statusOf(open, '/healthz')], [404, 200]);
    assert.equal(await statusOf(metricsPort, '/metrics'), 200);
    assert.equal(await statusOf(metricsPort, '/readyz'), 200);
    assert.equal(await statusOf(metricsPort, '/api/tokens'), 404);
    assert.equal(await statusOf(metricsPort, '/metrics', 'evil.example'), 421);
    const taken = loadConfig(join(folder, '0.json')).then((config) =>
      serve({ ...config, metrics: { port: metricsPort, host: '127.0.0.1' } }, createPinoLogger('silent')),
    );
    await assert.rejects(taken, { code: 'EADDRINUSE' });
  });

  it('takes no place and no point of a limit for a request that a foreign page can send', async () => {
    const limited = await start({ limits: { user: { perMinute: 1, burst: 0 }, maxConcurrent: 1 } });
    const cookie = `s=${await session()}`;
    const body = '{"purpose":"playback","streams":["a"],"reason":"initial"}';
    const post = (headers: string): Promise<{ status: number }> =>
      rawRequest(
        limited.port,
        `POST /api/tokens HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nOrigin: https://evil.example\r\n` +
          `${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
      );
    for (const type of ['text/plain', 'text/plain;application/json', 'multipart/form-data; boundary=x']) {
      assert.equal((await post(`Content-Type: ${type}\r\n`)).status, 415, type);
      assert.equal(
        (await post(`Content-Type: ${type}\r\nX-HTTP-Method-Override: PUT\r\n`)).status,
        415,
        type,
      );
    }
    assert.equal((await post('')).status, 415);
    assert.equal((await post('Content-Type: application/json\r\n')).status, 200);
    assert.equal((await post('Content-Type: application/json\r\n')).status, 429);
  });
});
