import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { hostileRequests } from '../support/hostile-requests.js';
import { rawRequest } from '../support/raw-request.js';

let server: DemoServer;
let port: number;

before(async () => {
  server = await startDemoServer({ port: 0, tokenTtlSeconds: 30, allowedHosts: ['tunnel.example'] });
  port = Number(new URL(server.origin).port);
});
after(() => server.close());

const paths = [
  '/',
  '/api/qa/log',
  '/api/tokens',
  '/live/demo.m3u8',
  '/gatecast.js',
  '/docs/',
  '/shared/page.css',
];

async function statusWith(path: string, host: string, headers = ''): Promise<number> {
  const { status } = await rawRequest(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
  return status;
}

describe('the demo server and hostile requests', () => {
  const table = hostileRequests({
    host: 'localhost',
    jsonPath: '/api/qa/faults',
    unknown: [200, 403, 404],
    invalid: [400],
  });
  for (const { name, bytes, statuses, abort } of table) {
    it(`answers to ${name}, and to the next request`, async () => {
      const { status, text } = await rawRequest(port, bytes, { abort: abort === true });
      assert.ok(statuses.includes(status), `${status}, not ${statuses.join(' or ')}`);
      assert.doesNotMatch(text, /root:|node_modules|\bat .*\.[jt]s:\d/);
      assert.equal(await statusWith('/.well-known/jwks.json', 'localhost'), 200);
    });
  }

  it('answers on every route to host names of this machine, and to those in ALLOWED_HOSTS, only', async () => {
    for (const path of paths) {
      const own = await statusWith(path, 'localhost');
      assert.notEqual(own, 421, path);
      for (const host of ['127.0.0.1:1', '[::1]', 'a.localhost', 'tunnel.example:8443'])
        assert.equal(await statusWith(path, host), own, `${path} at ${host}`);
      for (const host of [
        'evil.example',
        '127.0.0.1.evil.example',
        'localhost.evil.example',
        '192.168.1.2',
        'localhost.',
      ])
        assert.equal(await statusWith(path, host), 421, `${path} at ${host}`);
    }
    const absolute = await rawRequest(port, 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal(absolute.status, 421);
    const own = await rawRequest(port, 'GET http://localhost/api/qa/log HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal(own.status, 200);
  });

  it('checks the host name of OPTIONS *', async () => {
    for (const [host, expected] of [
      ['localhost', 204],
      ['evil.example', 421],
    ])
      assert.equal((await rawRequest(port, `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).status, expected);
    assert.equal((await rawRequest(port, 'OPTIONS * HTTP/1.0\r\n\r\n')).status, 400);
  });

  it('starts no editor for a request', async () => {
    for (const path of [
      '/__open-in-editor',
      '/__OPEN-in-editor',
      '/__open-in-editor/x',
      '/__open-in-editor.x',
    ]) {
      // Without a file Vite's middleware answers 500, and starts nothing.
      assert.equal(await statusWith(path, 'localhost'), 404, path);
      assert.equal(await statusWith(path, 'localhost', 'Sec-Fetch-Site: cross-site\r\n'), 404, path);
    }
  });

  it('opens Vite’s WebSocket for pages of its own origin and host only', async () => {
    const open = (host: string, origin: string, path = '/'): Promise<{ status: number }> =>
      rawRequest(
        port,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: vite-ping\r\n\r\n',
      );
    assert.equal((await open(`localhost:${port}`, 'http://evil.example')).status, 403);
    assert.equal((await open(`localhost:${port}`, 'null')).status, 403);
    assert.equal((await open('evil.example', 'http://evil.example')).status, 421);
    assert.equal((await open(`localhost:${port}`, server.origin, '/x')).status, 400);
    assert.equal((await open(`localhost:${port}`, server.origin)).status, 101);
  });
});

describe('requests that change the demo server', () => {
  const send = (path: string, method: string, headers: Record<string, string>, body = '{"latencyMs":1}') => {
    const lines = Object.entries({
      Host: `localhost:${port}`,
      ...headers,
      'Content-Length': String(body.length),
    });
    const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
    return rawRequest(port, `${method} ${path} HTTP/1.1\r\n${head}\r\n\r\n${body}`);
  };
  const json = { 'Content-Type': 'application/json' };
  const faults = async (): Promise<unknown> => (await fetch(`${server.origin}/api/qa/faults`)).json();

  it('are refused for pages of other origins, and change nothing', async () => {
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://localhost:1' },
      { Origin: 'http://tunnel.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      for (const [path, method] of [
        ['/api/qa/faults', 'POST'],
        ['/api/qa/faults', 'DELETE'],
        ['/api/qa/log', 'DELETE'],
      ] as const) {
        const { status } = await send(path, method, { ...json, ...headers });
        assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      }
    }
    for (const path of ['/api/tokens', '/whip/cam', '/nanostream/secure/token']) {
      assert.equal((await send(path, 'POST', { ...json, Origin: 'https://evil.example' })).status, 403, path);
    }
    assert.deepEqual(await faults(), {});
  });

  it('are refused as text, as a form sends it', async () => {
    for (const type of [
      'text/plain',
      'text/plain; x=application/json',
      'application/x-www-form-urlencoded',
    ]) {
      assert.equal((await send('/api/qa/faults', 'POST', { 'Content-Type': type })).status, 415, type);
    }
    assert.deepEqual(await faults(), {});
  });

  it('are accepted from its own pages, and from clients that are not browsers', async () => {
    const own = { Origin: `http://localhost:${port}`, 'Sec-Fetch-Site': 'same-origin' };
    for (const headers of [own, {}]) {
      assert.equal((await send('/api/qa/faults', 'POST', { ...json, ...headers })).status, 200);
      assert.deepEqual(await faults(), { latencyMs: 1 });
      assert.equal((await send('/api/qa/faults', 'DELETE', headers, '')).status, 204);
      assert.deepEqual(await faults(), {});
    }
  });
});
