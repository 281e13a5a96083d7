import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import express from 'express';
import { SignJWT } from 'jose';
import { runCli } from './support/gatecast-cli.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });

function tokenFor(stream: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'JWT' })
    .setSubject(stream)
    .setAudience('v')
    .setExpirationTime('1m')
    .sign(key.privateKey);
}

/** A backend of the simplest form: it plays. */
function simpleBackend(): RequestListener {
  const app = express().use(express.json());
  // Express logs errors in all other environments.
  app.set('env', 'test');
  app.post('/token', async (request, response) => {
    const { streams } = request.body as { streams: string[] };
    response.json({ token: await tokenFor(streams[0] ?? '') });
  });
  return app;
}

async function listening(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, origin: `127.0.0.1:${port}` };
}

async function check(listener: RequestListener, ...args: string[]) {
  const { server, origin } = await listening(listener);
  try {
    return await runCli(['conformance', `http://${origin}/token`, '--stream', 'demo', ...args]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** An address where nothing listens. */
async function deadAddress(): Promise<string> {
  const { server, origin } = await listening(() => undefined);
  server.close();
  await once(server, 'close');
  return origin;
}

describe('gatecast conformance', () => {
  it('passes an Express backend that answers { token }, with advice', async () => {
    const { code, out, err } = await check(simpleBackend());
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Required: (\d+) of \1 met\n {2}ok {6}POST/);
    assert.match(out, /\nAdvice: \d+ of \d+ met\n/);
    assert.match(out, /\n {2}advice {2}the response has Cache-Control: no-store\n {10}Set this header/);
    assert.doesNotMatch(out, /\n {2}missing/);
    assert.match(out, /\nThe elements can use this endpoint\.\n$/);
  });

  it('fails it with --strict', async () => {
    const { code, err } = await check(simpleBackend(), '--strict');
    assert.equal(code, 1);
    assert.match(err, /^gatecast: Points of advice that are not met: \d+ \(--strict\)\.\n$/);
  });

  it('fails a backend whose answer no element reads', async () => {
    const { code, out, err } = await check((_, response) => void response.end('<html></html>'));
    assert.equal(code, 1);
    assert.match(out, /^Required: 2 of 3 met\n/);
    assert.match(out, /\n {2}missing each item has a token/);
    assert.doesNotMatch(out, /can use/);
    assert.equal(err, 'gatecast: Required points that are not met: 1.\n');
  });

  it('prints the group of each finding as JSON', async () => {
    const { code, out } = await check(simpleBackend(), '--json');
    assert.equal(code, 0);
    const findings = JSON.parse(out) as { level: string; required: boolean }[];
    assert.ok(findings.some(({ required }) => required));
    assert.ok(findings.some(({ level, required }) => level === 'advice' && !required));
  });

  it('prints one line with the cause for an address that does not answer', async () => {
    const dead = await deadAddress();
    const { server, origin } = await listening((request) => request.socket.destroy());
    const words: readonly (readonly [string, RegExp])[] = [
      [`http://${dead}/`, /was refused.*\(ECONNREFUSED\)/],
      [`https://${origin}/`, /TLS failed.*\(\w+\)/],
      [`http://${origin}/`, /closed the connection.*\(\w+\)/],
      // RFC 6761: the name never exists. A machine without a name server has another code.
      ['http://nothing.invalid/', /host name cannot be resolved.*\(E\w+\)/],
    ];
    try {
      for (const [url, cause] of words) {
        const { code, out, err } = await runCli(['conformance', url, '--stream', 'demo']);
        assert.deepEqual([code, out], [1, ''], url);
        assert.match(err, /^gatecast: No response from [\w.:]+\. [^\n]+\n$/);
        assert.match(err, cause);
      }
    } finally {
      server.close();
    }
  });
});
