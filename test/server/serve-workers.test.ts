import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { loadConfig } from '@gatecast/server/node';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';
import { addKey } from '../../packages/server/src/node/key-directory.js';
import { silentLogger } from '../../packages/server/src/http/logger.js';
import { serveWorkers } from '../../packages/server/src/serve/serve-workers.js';
import { collect, startCli } from './support/gatecast-cli.js';
import { ask, endAll, startServe, type Line } from './support/serve-process.js';

const SECRET = 'sentinel-shared-secret-of-32-bytes-or-more';
const folder = mkdtempSync(join(tmpdir(), 'gatecast-workers-'));
let session = '';
before(async () => {
  writeFileSync(join(folder, 'shared'), SECRET);
  writeFileSync(join(folder, 'media.pem'), (await generateSigningKey({ alg: 'ES256' })).pem);
  session = await new SignJWT({ sub: 'u' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(SECRET));
});
after(() => {
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

function configFile(options: Record<string, unknown>): string {
  const path = join(folder, 'config.json');
  const common = {
    listen: { port: 0 },
    keys: { key: { file: 'media.pem' } },
    issuers: { playback: { type: 'jwt' } },
    authorization: { secret: { file: 'shared' }, playback: { any: true } },
  };
  writeFileSync(path, JSON.stringify({ ...common, ...options }));
  return path;
}

const BODY = JSON.stringify({ purpose: 'playback', streams: ['a'] });

describe('gatecast serve with workers', () => {
  it('serves, counts and stops as one', async () => {
    const { child, output, lines, workers, port } = await startServe(configFile({ workers: 2 }));
    const pids = (await workers(2)).map(({ pid }) => pid);
    assert.equal(new Set(pids).size, 2);
    const jwks = JSON.parse((await ask(port, '/.well-known/jwks.json', session)).text) as JSONWebKeySet;
    for (let i = 0; i < 10; i += 1) {
      const { status, text: answer } = await ask(port, '/api/tokens', session, BODY);
      assert.equal(status, 200, answer);
      const { tokens } = JSON.parse(answer) as { tokens: { token: string }[] };
      const { payload } = await jwtVerify(tokens[0]?.token ?? '', createLocalJWKSet(jwks));
      assert.equal(payload.sub, 'a');
    }
    const issued = await lines((all) => all.filter(({ msg }) => msg === 'Tokens issued').length === 10);
    const numbers = issued.filter(({ msg }) => msg === 'Tokens issued').map(({ worker }) => worker);
    assert.deepEqual(new Set(numbers), new Set([1, 2]), 'each log line names its worker, and both work');
    // Whichever worker answers, the figures are those of both.
    for (let i = 0; i < 3; i += 1)
      assert.match(
        (await ask(port, '/metrics', session)).text,
        /gatecast_tokens_minted_total\{purpose="playback"\} 10\n/,
      );
    assert.equal((await ask(port, '/readyz', session)).status, 200);
    child.kill('SIGHUP');
    await lines((all) => all.some(({ msg }) => msg === 'Keys reloaded'));
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, output().err);
    for (const pid of pids)
      assert.throws(() => process.kill(pid ?? 0, 0), { code: 'ESRCH' }, 'a worker is still there');
    assert.ok(!(output().out + output().err).includes('sentinel'));
  });

  it('replaces a worker that ends, and serves meanwhile', async () => {
    const { child, lines, workers, port } = await startServe(configFile({ workers: 2 }));
    const [first] = await workers(2);
    process.kill(first?.pid ?? 0, 'SIGKILL');
    const all = await workers(3);
    assert.equal(all[2]?.worker, first?.worker);
    assert.notEqual(all[2]?.pid, first?.pid);
    await lines((log) => log.some(({ msg }) => msg?.startsWith('A worker ended') === true));
    for (let i = 0; i < 4; i += 1) assert.equal((await ask(port, '/api/tokens', session, BODY)).status, 200);
    child.kill('SIGTERM');
    assert.equal((await once(child, 'close'))[0], 0);
  });

  it('signs with a rotated key in all workers, and all publish the keys of all tokens', async () => {
    const directory = join(folder, 'keys');
    const rotate = (kid: string, delayMs: number) =>
      addKey(directory, { alg: 'ES256', kid, nowMs: Date.now(), delayMs });
    await rotate('first', 0);
    const { child, lines, workers, port } = await startServe(configFile({ workers: 2, keys: { directory } }));
    await workers(2);
    const issuedBy = (all: Line[]) => all.filter(({ msg }) => msg === 'Tokens issued');
    const tokens: string[] = [];
    /** Key ids of new tokens, from each of the two workers. */
    async function issuedKids(): Promise<Set<string | undefined>> {
      const before = tokens.length;
      for (let i = 0; i < 6; i += 1) {
        const answer = JSON.parse((await ask(port, '/api/tokens', session, BODY)).text) as {
          tokens: [{ token: string }];
        };
        tokens.push(answer.tokens[0].token);
      }
      const log = issuedBy(await lines((all) => issuedBy(all).length >= tokens.length)).slice(before);
      assert.deepEqual(new Set(log.map(({ worker }) => worker)), new Set([1, 2]));
      return new Set(tokens.slice(before).map((token) => decodeProtectedHeader(token).kid));
    }
    /** Key ids of both workers, each of which must verify all tokens so far. */
    async function publishedKids(): Promise<Set<string>> {
      const all = new Set<string>();
      for (let i = 0; i < 6; i += 1) {
        const jwks = JSON.parse((await ask(port, '/.well-known/jwks.json', session)).text) as JSONWebKeySet;
        for (const token of tokens) await jwtVerify(token, createLocalJWKSet(jwks));
        all.add(jwks.keys.map(({ kid }) => kid).join());
      }
      return all;
    }
    let reloads = 0;
    async function reload(): Promise<void> {
      reloads += 1;
      child.kill('SIGHUP');
      await lines((all) => all.filter(({ msg }) => msg === 'Keys reloaded').length === reloads);
    }

    assert.deepEqual(await issuedKids(), new Set(['first']));
    // Published before it signs, so that origins can fetch it.
    await rotate('waiting', 3_600_000);
    await reload();
    assert.deepEqual(await issuedKids(), new Set(['first']));
    assert.deepEqual(await publishedKids(), new Set(['first,waiting']));
    await rotate('second', 0);
    await reload();
    assert.deepEqual(await issuedKids(), new Set(['second']));
    assert.deepEqual(await publishedKids(), new Set(['first,waiting,second']));
    child.kill('SIGTERM');
    assert.equal((await once(child, 'close'))[0], 0);
  });

  it('ends with one message if a worker cannot start', async () => {
    const directory = join(folder, 'no-keys');
    const child = await startCli(['serve', '--config', configFile({ workers: 2, keys: { directory } })]);
    const output = collect(child);
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 2);
    assert.match(
      output().err,
      /^gatecast: The directory .*no-keys has no active key\. Run .*\n(.*\n)?gatecast: A worker could not start\. The lines before say why\.\n$/,
    );
  });
});

describe('workers that end', () => {
  /** A worker in this process: it answers at once, until it exits. */
  class FakeWorker extends EventEmitter {
    readonly process = { pid: 1, kill: () => this.emit('exit') };

    send(message: object, done: (error: null) => void): void {
      done(null);
      const { gatecast, question } = message as { gatecast: string; question: string };
      if (gatecast === 'question' && question === 'stop') setImmediate(() => this.emit('exit'));
    }

    listen(): void {
      this.emit('message', { gatecast: 'question', id: 1, question: 'listening', value: { port: 8080 } });
    }
  }

  it('are replaced after a delay that doubles up to half a minute', async () => {
    const delaysMs: number[] = [];
    const forked: number[] = [];
    let isEnough = (): void => undefined;
    const enough = new Promise<void>((resolve) => (isEnough = resolve));
    const server = await serveWorkers({
      count: 2,
      logger: silentLogger,
      fork(number) {
        const worker = new FakeWorker();
        const isFirst = !forked.includes(number);
        forked.push(number);
        // The second worker crashes as soon as it is started again.
        setImmediate(() => {
          if (isFirst || number === 1) worker.listen();
          if (number === 2) worker.emit('exit');
        });
        return worker;
      },
      async wait(ms, signal) {
        delaysMs.push(ms);
        if (delaysMs.length < 11) return;
        isEnough();
        await once(signal, 'abort');
      },
    });
    await enough;
    await server.stop();
    const expected = [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000];
    assert.deepEqual(delaysMs, expected);
    assert.equal(forked.filter((number) => number === 1).length, 1);
  });
});

describe('a configuration with workers', () => {
  for (const [what, options] of [
    ['a limit', { limits: { user: { perMinute: 60, burst: 0 } } }],
    ['a number of streams', { limits: { maxConcurrent: 2 } }],
    ['playlists', { playlists: { upstreams: ['https://cdn.example/live/'] } }],
  ] as const) {
    it(`is refused with ${what} in memory`, async () => {
      for (const workers of [2, 'auto'])
        await assert.rejects(loadConfig(configFile({ workers, ...options })), /workers: needs store\.redis/);
      await loadConfig(configFile({ workers: 1, ...options }));
      await loadConfig(configFile({ workers: 2, store: { redis: { env: 'REDIS' } }, ...options }));
    });
  }

  it('is refused with nonces that each worker makes alone', async () => {
    const dpop = { mode: 'required', externalOrigin: 'https://a.example', nonce: {} };
    const store = { redis: { env: 'REDIS' } };
    await assert.rejects(loadConfig(configFile({ workers: 2, dpop, store })), /needs dpop\.nonce\.secret/);
  });

  it('is refused with a number of workers that makes no sense', async () => {
    for (const workers of [0, 1.5, 65, 'all'])
      await assert.rejects(loadConfig(configFile({ workers })), / {2}workers: /);
  });
});
