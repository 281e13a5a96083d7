import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createKeySet, createTokenVerifier, generateSigningKey } from '@gatecast/server';
import { openKeyDirectory } from '@gatecast/server/node';
import { runCli } from './support/gatecast-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-cli-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const { key, pem } = await generateSigningKey({ kid: 'k1' });
const keys = createKeySet([key]);
const pemFile = join(folder, 'key.pem');
writeFileSync(pemFile, pem, { mode: 0o600 });
const jwksFile = join(folder, 'jwks.json');
writeFileSync(jwksFile, JSON.stringify(keys.jwks()));

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('gatecast', { concurrency: 2 }, () => {
  it('shows help for every command and exits with 0', async () => {
    const main = await runCli(['--help']);
    assert.equal(main.code, 0);
    for (const command of ['serve', 'keys', 'token', 'config', 'conformance'])
      assert.ok(main.out.includes(command));
    const mint = await runCli(['token', 'mint', '--help']);
    assert.match(mint.out, /--ttl <seconds>/);
  });

  it('prints only the token to stdout, with the key from a file, the environment or stdin', async () => {
    const args = [
      'token',
      'mint',
      '--kid',
      'k1',
      '--sub',
      'demo',
      '--ttl',
      '60',
      '--claim',
      'plan=gold',
      '--claim',
      'seats=2',
    ];
    const startedAtMs = Date.now();
    const results = [
      await runCli([...args, '--key', pemFile]),
      await runCli([...args, '--key-env', 'KEY'], { env: { KEY: pem.replaceAll('\n', '\\n') } }),
      await runCli([...args, '--key', '-'], { stdin: pem }),
    ];
    for (const { code, out, err } of results) {
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^\S+\n$/);
      const { claims, expiresAtMs } = await createTokenVerifier({ keys }).verify(out.trim(), {
        stream: 'demo',
      });
      assert.deepEqual([claims['plan'], claims['seats']], ['gold', 2]);
      assert.ok(expiresAtMs > startedAtMs + 59_000 && expiresAtMs < Date.now() + 61_000);
    }
  });

  it('verifies against a JWKS, with exit code 1 and the problem code for an invalid token', async () => {
    const { out: token } = await runCli(['token', 'mint', '--key', pemFile, '--kid', 'k1', '--sub', 'demo']);
    const verify = ['token', 'verify', '--jwks', jwksFile];
    const good = await runCli([...verify, '--sub', 'demo'], { stdin: token });
    assert.equal(good.code, 0);
    assert.match(good.out, /^ok: valid for "demo" until /);
    const wrong = await runCli([...verify, '--sub', 'other'], { stdin: token });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /token-wrong-stream/);
    assert.ok(!(wrong.out + wrong.err).includes(token.trim()), 'it echoes the token');
  });

  it('inspects a token and warns about milliseconds, alg none, a wrong audience and a long lifetime', async () => {
    const bad = `${part({ alg: 'none' })}.${part({ sub: 'a', aud: 'x', exp: 1_708_457_257_000 })}.`;
    const first = await runCli(['token', 'inspect'], { stdin: bad });
    assert.equal(first.code, 0);
    for (const warning of [/alg is "none"/, /kid is missing/, /exp is in milliseconds/, /aud is not "v"/])
      assert.match(first.err, warning);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const long = `${part({ alg: 'RS256', typ: 'JWT', kid: 'k' })}.${part({ sub: 'a', aud: 'v', iat: nowSeconds, exp: nowSeconds + 8 * 86_400 })}.c2ln`;
    const second = await runCli(['token', 'inspect'], { stdin: long });
    assert.match(second.out, /exp: \S+, in (7|8) days/);
    assert.equal(second.err, 'warning: the lifetime is longer than a week\n');
    const none = await runCli(['token', 'inspect'], { stdin: 'sentinel-no-token' });
    assert.equal(none.code, 1);
    assert.ok(!none.err.includes('sentinel'));
  });

  it('creates, lists and rotates keys that only their owner can read', async () => {
    const dir = join(folder, 'keys');
    const made = await runCli(['keys', 'new', '--dir', dir, '--kid', 'first', '--alg', 'ES256']);
    assert.deepEqual([made.code, made.out], [0, 'first\n']);
    const rotated = await runCli([
      'keys',
      'rotate',
      '--dir',
      dir,
      '--kid',
      'second',
      '--alg',
      'ES256',
      '--delay',
      '600',
    ]);
    assert.equal(rotated.out, 'second\n');
    const list = await runCli(['keys', 'list', '--dir', dir]);
    assert.match(list.out, /^first\tES256\tactive\t.*\nsecond\tES256\twaiting\t.*\n$/);
    for (const name of readdirSync(dir))
      assert.equal(statSync(join(dir, name)).mode & 0o077, 0, `${name} is open to others`);
    assert.ok(!(list.out + made.out + rotated.out + rotated.err).includes('PRIVATE'));

    let nowMs = Date.now();
    const directory = await openKeyDirectory(dir, () => nowMs);
    assert.equal(directory.active.kid, 'first');
    assert.equal(directory.jwks().keys.length, 2);
    nowMs += 601_000;
    assert.equal(directory.active.kid, 'second');
    nowMs = 0;
    assert.equal(directory.active.kid, 'first', 'a clock that was set back before the first key');
    assert.equal((await openKeyDirectory(dir, () => 0)).active.kid, 'first');

    const again = await runCli(['keys', 'new', '--dir', dir, '--kid', 'first']);
    assert.equal(again.code, 2);
    assert.match(again.err, /already exists/);
  });

  it('names the invalid option and exits with 2', async () => {
    const cases: [string[], RegExp][] = [
      [['token', 'mint', '--sub', 'a', '--ttl', '0'], /--ttl/],
      [['token', 'mint', '--key', pemFile], /--sub/],
      [
        ['token', 'mint', '--sub', 'a', '--key', join(folder, 'absent')],
        /The file .*absent does not exist\. It must contain the private key/,
      ],
      [['keys', 'new'], /--dir/],
      [['keys', 'new', '--dir', folder, '--alg', 'HS256'], /--alg/],
      [['serve'], /--config/],
      [['conformance', 'nowhere', '--stream', 'a'], /<url>/],
      [['nonsense'], /nonsense/],
    ];
    const results = await Promise.all(cases.map(([args]) => runCli(args)));
    for (const [index, [args, message]] of cases.entries()) {
      const { code, out, err } = results[index] ?? { code: null, out: '', err: '' };
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, message);
    }
  });

  it('does not print an invalid key', async () => {
    const { code, err } = await runCli(['token', 'mint', '--sub', 'a'], { stdin: 'sentinel-key-material' });
    assert.equal(code, 2);
    assert.ok(!err.includes('sentinel'), 'it quotes the key');
  });

  it('names every invalid option of a configuration without its value', async () => {
    const config = join(folder, 'bad.json');
    writeFileSync(
      config,
      JSON.stringify({
        listen: { port: 99_999 },
        keys: { key: 'sentinel-key-in-config' },
        issuers: { playback: { type: 'sts-security', apiKey: 'sentinel-api-key' } },
        authorization: {},
        corse: {},
      }),
    );
    const { code, err } = await runCli(['config', 'check', config]);
    assert.equal(code, 1);
    for (const option of ['listen.port', 'keys', 'issuers.playback.apiKey', 'authorization', 'corse']) {
      assert.ok(err.includes(`  ${option}: `), `${option} is not named in:\n${err}`);
    }
    assert.ok(!err.includes('sentinel'));
    assert.ok(readFileSync(config, 'utf8').includes('sentinel'));
  });
});
