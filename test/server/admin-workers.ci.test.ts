import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { SignJWT } from 'jose';
import { freePort } from '../support/free-port.js';
import { EventReader } from './support/read-events.js';
import { startRedis, withoutRedis, type RunningRedis } from './support/redis-server.js';
import { ask, endAll, startServe } from './support/serve-process.js';

const SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const ADMIN_KEY = 'sentinel-admin-key-of-32-characters-or-more';
const BODY = JSON.stringify({ purpose: 'playback', streams: ['a'] });
/** Requests on connections of their own, so that each worker of a process takes part. */
const REQUESTS = 8;

describe('two ready servers with two workers each, one Redis and admin', { skip: withoutRedis }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-admin-workers-'));
  const reading = new AbortController();
  let redis: RunningRedis;
  let session = '';
  before(async () => {
    redis = await startRedis();
    writeFileSync(join(folder, 'shared'), SECRET);
    writeFileSync(join(folder, 'admin.key'), ADMIN_KEY);
    writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
    session = await new SignJWT({ sub: 'u' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('10m')
      .sign(new TextEncoder().encode(SECRET));
  });
  after(async () => {
    reading.abort();
    endAll();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startBoth() {
    const { host, port } = redis.client.options;
    process.env['ADMIN_WORKERS_REDIS'] = `redis://${String(host)}:${String(port)}`;
    const adminPorts = [await freePort(), await freePort()];
    const running = [];
    for (const [index, adminPort] of adminPorts.entries()) {
      const path = join(folder, `${String(index)}.json`);
      const config = {
        listen: { port: 0 },
        workers: 2,
        push: true,
        store: { redis: { env: 'ADMIN_WORKERS_REDIS' } },
        admin: { port: adminPort, key: { file: 'admin.key' } },
        keys: { key: { file: 'media.pem' } },
        issuers: { playback: { type: 'jwt' } },
        authorization: { secret: { file: 'shared' }, playback: { any: true } },
      };
      writeFileSync(path, JSON.stringify(config));
      running.push(await startServe(path));
    }
    for (const server of running) await server.workers(2);
    return { running, adminPorts };
  }

  const admin = async (port: number | undefined, action: 'revoke' | 'allow', body: object) =>
    fetch(`http://127.0.0.1:${String(port)}/admin/${action}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('refuse in every worker within 2 s, tell pages, and allow again', async () => {
    const { running, adminPorts } = await startBoth();
    const statuses = async () => {
      const all = running.flatMap(({ port }) =>
        Array.from({ length: REQUESTS }, async () => (await ask(port, '/api/tokens', session, BODY)).status),
      );
      return [...new Set(await Promise.all(all))];
    };
    const untilAll = async (status: number): Promise<number> => {
      const startMs = performance.now();
      while ((await statuses()).join() !== String(status))
        await new Promise((resolve) => setTimeout(resolve, 20));
      return performance.now() - startMs;
    };
    assert.deepEqual(await statuses(), [200]);
    const events = await fetch(
      `http://127.0.0.1:${String(running[1]?.port)}/api/tokens?purpose=playback&stream=a`,
      {
        headers: { Authorization: `Bearer ${session}`, Accept: 'text/event-stream' },
        signal: reading.signal,
      },
    );
    assert.equal(events.status, 200);
    const reader = new EventReader(events);
    assert.equal((await admin(adminPorts[0], 'revoke', { user: 'u', reason: 'Ticket 7' })).status, 200);
    assert.ok((await untilAll(403)) < 2000);
    const refused = await ask(running[1]?.port ?? 0, '/api/tokens', session, BODY);
    assert.equal((JSON.parse(refused.text) as { code: string }).code, 'revoked');
    const event = await reader.next();
    assert.equal(event?.event, 'off');
    assert.match(JSON.stringify(event.data), /Ticket 7/);
    assert.equal((await admin(adminPorts[1], 'allow', { user: 'u' })).status, 200);
    assert.ok((await untilAll(200)) < 2000);
    for (const { child, output } of running) {
      assert.doesNotMatch(output().out, /another secret|sentinel/);
      child.kill('SIGTERM');
    }
  });
});
