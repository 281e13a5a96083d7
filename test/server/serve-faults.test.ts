import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTokenHandler, generateSigningKey, jwtIssuer, createKeySet } from '@gatecast/server';
import { runCli } from './support/gatecast-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-serve-faults-'));
const { key, pem } = await generateSigningKey({ alg: 'ES256' });
writeFileSync(join(folder, 'key.pem'), pem);

const valid = {
  listen: { port: 0 },
  keys: { key: { file: 'key.pem' } },
  issuers: { playback: { type: 'jwt', claims: { env: 'production' } } },
  authorization: { jwksUrl: 'https://idp.test/jwks', playback: { any: true } },
  log: 'silent',
};

/** Runs `gatecast serve` with a configuration. */
function serve(config: Record<string, unknown>, args: string[] = [], env: Record<string, string> = {}) {
  const path = join(folder, 'gatecast.config.json');
  writeFileSync(path, JSON.stringify({ ...valid, ...config }));
  return runCli(['serve', '--config', path, ...args], { env });
}

describe('gatecast serve that cannot start', () => {
  const taken = createServer();
  let port: number;

  before(async () => {
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    ({ port } = taken.address() as AddressInfo);
  });

  after(() => {
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says which port is in use and which option to change', async () => {
    const used = `The server cannot listen on port ${String(port)} of 127.0.0.1: another program uses it.`;
    for (const [config, args, change] of [
      [{ listen: { port } }, [], 'set listen.port or --port to another port'],
      [{}, ['--port', String(port)], 'set listen.port or --port to another port'],
      // Its connection must not keep the process alive.
      [
        { listen: { port }, store: { redis: { env: 'STORE' } } },
        [],
        'set listen.port or --port to another port',
      ],
      [{ metrics: { port } }, [], 'set metrics.port to another port'],
    ] as const)
      assert.deepEqual(await serve(config, [...args], { STORE: 'redis://127.0.0.1:1' }), {
        code: 2,
        out: '',
        err: `gatecast: ${used} Stop that program, or ${change}.\n`,
      });
  });

  it('names a host that this machine does not have', async () => {
    const { code, err } = await serve({ listen: { port: 0, host: '192.0.2.1' } });
    assert.equal(code, 2);
    assert.match(err, /^gatecast: The server cannot listen .* Change listen\.host\.\n$/);
  });

  it('names every secret that is missing, before a viewer notices', async () => {
    const playback = { type: 'bunny', securityKey: { env: 'ABSENT_KEY' }, tokenPath: '/live/{stream}/' };
    const { code, err } = await serve(
      { issuers: { playback }, store: { redis: { env: 'EMPTY_URL' } }, keys: { key: { file: 'none.pem' } } },
      [],
      { EMPTY_URL: ' ' },
    );
    assert.equal(code, 2);
    const [head, ...lines] = err.trimEnd().split('\n');
    assert.equal(head, 'gatecast: The server cannot start without its secrets:');
    assert.deepEqual(lines.map((line) => line.trim().replace(/\S*none\.pem/, 'none.pem')).sort(), [
      'issuers.playback.securityKey: The secret in the environment variable ABSENT_KEY is missing or empty. Set it, or correct the name.',
      'keys.key: The secret file none.pem cannot be read (ENOENT).',
      'store.redis: The secret in the environment variable EMPTY_URL is missing or empty. Set it, or correct the name.',
    ]);
  });
});

describe('createTokenHandler', () => {
  it('names an option that it does not have, with the nearest one', () => {
    const options = {
      issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
      authorize: () => true,
    };
    for (const [wrong, message] of [
      [{ authorise: () => false }, 'createTokenHandler has no option "authorise". Did you mean "authorize"?'],
      [{ maxStream: 2 }, 'createTokenHandler has no option "maxStream". Did you mean "maxStreams"?'],
      [{ sentinel: 2 }, 'createTokenHandler has no option "sentinel". Remove it.'],
    ] as const)
      assert.throws(() => createTokenHandler({ ...options, ...wrong }), { name: 'TypeError', message });
  });
});
