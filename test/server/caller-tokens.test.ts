import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { createPinoLogger, loadConfig, serve, type RunningServer } from '@gatecast/server/node';
import { SignJWT, type JWTPayload } from 'jose';

const SHARED_SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const DAY = 86_400;
const folder = mkdtempSync(join(tmpdir(), 'gatecast-callers-'));
const running: RunningServer[] = [];

async function start(authorization: Record<string, unknown> = {}): Promise<number> {
  const path = join(folder, `${running.length}.json`);
  const config = {
    listen: { port: 0 },
    keys: { key: { file: 'media.pem' } },
    authorization: { secret: { file: 'shared' }, playback: { any: true }, ...authorization },
    issuers: { playback: { type: 'jwt' } },
  };
  writeFileSync(path, JSON.stringify(config));
  const server = await serve(await loadConfig(path), createPinoLogger('silent'));
  running.push(server);
  return server.port;
}

async function ask(port: number, claims: JWTPayload, stream = 'a') {
  const token = await new SignJWT({ sub: 'u', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SHARED_SECRET));
  const response = await fetch(`http://127.0.0.1:${port}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ purpose: 'playback', streams: [stream] }),
  });
  const { hint } = (await response.json()) as { hint?: string };
  return { status: response.status, hint };
}

const soon = () => Math.floor(Date.now() / 1000) + 300;

before(async () => {
  writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  writeFileSync(join(folder, 'shared'), `${SHARED_SECRET}\n`);
});
after(async () => {
  await Promise.all(running.map((server) => server.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

describe('the token of a caller of gatecast serve', () => {
  let port: number;
  before(async () => {
    port = await start();
  });

  for (const [what, claims] of [
    ['ends far beyond any date', () => ({ exp: 1e308 })],
    ['ends in milliseconds', () => ({ exp: soon() * 1000 })],
    ['lives longer than 30 days', () => ({ exp: soon() + 30 * DAY })],
    ['is issued in the future', () => ({ exp: soon(), iat: soon() })],
    ['is valid from a time that is not a date', () => ({ exp: soon(), nbf: -1e308 })],
  ] as const) {
    it(`is refused if it ${what}`, async () => {
      const { status, hint } = await ask(port, claims());
      assert.equal(status, 401);
      assert.match(hint ?? '', /authorization\.longestLifeSeconds/);
    });
  }

  it('is accepted for up to 30 days, or as long as the configuration says', async () => {
    assert.equal((await ask(port, { exp: soon() + 29 * DAY, iat: soon() - 300 })).status, 200);
    const longer = await start({ longestLifeSeconds: 90 * DAY });
    assert.equal((await ask(longer, { exp: soon() + 80 * DAY })).status, 200);
    const shorter = await start({ longestLifeSeconds: 60 });
    assert.equal((await ask(shorter, { exp: soon() })).status, 401);
  });
});

describe('a pattern of streams', () => {
  for (const [how, rule, claims] of [
    ['in the configuration', { playback: { list: ['live-*', 'app/cam-*', 'a'] } }, {}],
    ['in a claim', { playback: { claim: 'streams' } }, { streams: ['live-*', 'app/cam-*', 'a'] }],
  ] as const) {
    it(`${how} allows one segment of a path with "*"`, async () => {
      const port = await start(rule);
      for (const [stream, status] of [
        ['live-1', 200],
        ['live-', 200],
        ['app/cam-1', 200],
        ['a', 200],
        ['b', 403],
        ['app/dam-1', 403],
        ['live-/premium', 403],
        ['live-1/premium', 403],
        ['live-\\premium', 403],
        ['live-%2fpremium', 403],
        ['live-%252Fpremium', 403],
        ['app/cam-1/x', 403],
        ['live-/../premium', 400],
        ['live-/%2e%2e/premium', 400],
      ] as const)
        assert.equal((await ask(port, { exp: soon(), ...claims }, stream)).status, status, stream);
    });
  }
});
