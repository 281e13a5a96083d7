import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generateSigningKey, importSigningKey } from '@gatecast/server';
import { runCli } from './support/gatecast-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-mistakes-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const keys = join(folder, 'keys');
const empty = join(folder, 'empty');
mkdirSync(empty);
await runCli(['keys', 'new', '--dir', keys, '--kid', 'first', '--alg', 'ES256']);
await runCli(['keys', 'new', '--dir', keys, '--kid', 'second', '--alg', 'ES256']);
const firstPem = join(keys, 'first.pem');
const { out: jwks } = await runCli(['keys', 'public', '--dir', keys]);
const { out: token } = await runCli(['token', 'mint', '--key', firstPem, '--kid', 'first', '--sub', 'demo']);

/** Writes a file and returns its path. */
function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a secret that is empty', { concurrency: 2 }, () => {
  it('is named with its source: stdin, a file or a variable', async () => {
    const file = written('nothing.pem', '\n');
    const ends = { verify: ['--jwks', written('a.jwks', jwks)], mint: ['--sub', 'demo'] };
    for (const [args, message] of [
      [['mint', ...ends.mint], 'Nothing came from stdin. Pipe the private key into the command'],
      [['verify', ...ends.verify], 'Nothing came from stdin. Pipe the token into the command'],
      [['inspect', '--file', '-'], 'Nothing came from stdin. Pipe the token into the command'],
      [['mint', ...ends.mint, '--key', file], `The file ${file} is empty. It must contain the private key.`],
      [['inspect', '--env', 'EMPTY'], 'The environment variable EMPTY is empty. It must contain the token.'],
    ] as const) {
      const { code, out, err } = await runCli(['token', ...args], { env: { EMPTY: ' ' } });
      assert.deepEqual([code, out, err.includes(message)], [2, '', true], err);
    }
  });
});

describe('gatecast keys', { concurrency: 2 }, () => {
  it('rotates and lists only a directory that holds keys', async () => {
    const absent = join(folder, 'kyes');
    for (const command of ['rotate', 'list', 'public'])
      for (const [dir, fault] of [
        [
          absent,
          /The directory .*kyes does not exist\. Correct --dir, or create the first key with "gatecast keys new/,
        ],
        [empty, /The directory .*empty has no keys\. Correct --dir, or create/],
        [firstPem, /first\.pem is not a directory\. Set --dir to the directory that holds keys\.json/],
      ] as const) {
        const { code, out, err } = await runCli(['keys', command, '--dir', dir]);
        assert.deepEqual([code, out], [2, ''], `${command} ${dir}`);
        assert.match(err, fault);
      }
    assert.ok(!existsSync(absent));
    assert.deepEqual(readdirSync(empty), []);
  });

  it('names a manifest that cannot be read', async () => {
    const dir = join(folder, 'damaged');
    mkdirSync(dir);
    writeFileSync(join(dir, 'keys.json'), '{"keys": 5}');
    const { code, err } = await runCli(['keys', 'list', '--dir', dir]);
    assert.equal(code, 2);
    assert.match(
      err,
      /^gatecast: .*keys\.json is not a key manifest\. Restore it, or use another directory\.\n$/,
    );
  });

  it('prints public keys as a JWKS that verifies tokens', async () => {
    assert.deepEqual(
      (JSON.parse(jwks) as { keys: { kid: string; d?: string }[] }).keys.map(({ kid, d }) => [kid, d]),
      [
        ['first', undefined],
        ['second', undefined],
      ],
    );
    const verified = await runCli(['token', 'verify', '--jwks', written('good.json', jwks)], {
      stdin: token,
    });
    assert.match(verified.out, /^ok: valid for "demo"/);
    const single = await runCli(['keys', 'public', '--dir', keys, '--kid', 'second']);
    assert.deepEqual(
      (JSON.parse(single.out) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid),
      ['second'],
    );
  });

  it('prints a public key as PEM, of a directory or a private key', async () => {
    const publicPem = createPublicKey(readFileSync(firstPem)).export({ type: 'spki', format: 'pem' });
    const ofDirectory = await runCli(['keys', 'public', '--dir', keys, '--format', 'pem']);
    assert.equal(ofDirectory.out, publicPem);
    assert.match(ofDirectory.err, /this is first, one of 2 keys/);
    const ofKey = await runCli(['keys', 'public', '--key-env', 'KEY', '--format', 'pem'], {
      env: { KEY: readFileSync(firstPem, 'utf8') },
    });
    assert.deepEqual([ofKey.out, ofKey.err], [publicPem, '']);
  });

  it('needs one source of public keys, and a kid that exists', async () => {
    for (const [args, fault] of [
      [[], /Set one of --dir, --key and --key-env\./],
      [['--dir', keys, '--key', firstPem], /Set one of --dir, --key and --key-env\./],
      [['--dir', keys, '--kid', 'third'], /does not contain the key of --kid\. It has first, second\./],
    ] as const) {
      const { code, err } = await runCli(['keys', 'public', ...args]);
      assert.equal(code, 2);
      assert.match(err, fault);
    }
  });
});

describe('several keys where one signs', { concurrency: 2 }, () => {
  it('are refused in words', async () => {
    const both = `${readFileSync(firstPem, 'utf8')}${readFileSync(join(keys, 'second.pem'), 'utf8')}`;
    const { code, out, err } = await runCli(['token', 'mint', '--sub', 'demo'], { stdin: both });
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /contains 2 private keys.* Provide the one that signs\./);
    for (const text of [both.replaceAll('\n', '\\n'), Buffer.from(both).toString('base64')])
      await assert.rejects(importSigningKey(text), /contains 2 private keys/);
    await assert.rejects(importSigningKey(jwks), /is a set of keys\. Provide the one private key/);
  });

  it('are refused if they are in a directory', async () => {
    const { code, err } = await runCli(['token', 'mint', '--sub', 'demo', '--key', keys]);
    assert.equal(code, 2);
    assert.match(err, /keys is a directory\. Set the path of the file with the private key\./);
  });

  it('do not include certificates and parameters beside the key', async () => {
    const { pem } = await generateSigningKey({ alg: 'ES256' });
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    assert.equal((await importSigningKey(`${certificate}${pem}\n${certificate}`)).alg, 'ES256');
  });
});

describe('gatecast token verify --jwks', { concurrency: 2 }, () => {
  it('says what a file is that is not a JWKS, and does not blame the token', async () => {
    const { key } = await generateSigningKey({ alg: 'ES256' });
    const pem = readFileSync(firstPem, 'utf8');
    const print = /Print one with "gatecast keys public/;
    for (const [file, fault] of [
      [join(keys, 'keys.json'), /is the list of a key directory/],
      [firstPem, /is a PEM file, not a JWKS/],
      [
        written('one-private.json', JSON.stringify({ ...key.publicJwk, d: 'c2VudGluZWw' })),
        /is one private key/,
      ],
      [
        written('private.json', JSON.stringify({ keys: [{ ...key.publicJwk, d: 'c2VudGluZWw' }] })),
        /has private keys/,
      ],
      [written('none.json', '{"keys":[]}'), /has no keys/],
      [written('other.json', '{"keys":["sentinel"]}'), /each key needs the member "kty"/],
      [written('text.json', 'sentinel'), /is not JSON, so not a JWKS/],
      [written('list.json', '[]'), /is not JSON, so not a JWKS|is not a JWKS/],
    ] as const) {
      const { code, out, err } = await runCli(['token', 'verify', '--jwks', file], { stdin: token });
      assert.deepEqual([code, out], [2, ''], err);
      assert.match(err, fault);
      assert.match(err, print);
      assert.ok(!/token-invalid|sentinel|c2Vud/.test(err) && !err.includes(pem.split('\n')[1] ?? ''), err);
    }
    const one = written('one.json', JSON.stringify(key.publicJwk));
    const { code, err } = await runCli(['token', 'verify', '--jwks', one], { stdin: token });
    assert.equal(code, 2);
    assert.match(err, /is one key, not a JWKS\. Put it into \{ "keys": \[\.\.\.\] \}/);
  });

  it('names an address that is not one, or does not answer with a JWKS', async () => {
    const bad = await runCli(['token', 'verify', '--jwks', 'https://'], { stdin: token });
    assert.equal(bad.code, 2);
    assert.match(bad.err, /--jwks is not a valid address/);
    const dead = await runCli(['token', 'verify', '--jwks', 'http://127.0.0.1:1/jwks.json'], {
      stdin: token,
    });
    assert.equal(dead.code, 1);
    assert.match(dead.err, /keys-unavailable: .* Check the address in --jwks/);
  });
});

describe('gatecast', { concurrency: 2 }, () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('packages/server/package.json', 'utf8')) as {
      version: string;
    };
    assert.deepEqual(await runCli(['--version']), { code: 0, out: `${version}\n`, err: '' });
  });

  it('suggests the nearest command and option, also where a required one is missing', async () => {
    for (const [args, suggestion] of [
      [['token', 'mnt'], /unknown command 'mnt'\n\(Did you mean mint\?\)/],
      [['serve', '--confg', 'a.json'], /unknown option '--confg'\n\(Did you mean --config\?\)/],
      [['keys', 'new', '--directory=a'], /unknown option '--directory'\n/],
      [
        ['conformance', 'http://a.test', '--steam', 'a'],
        /unknown option '--steam'\n\(Did you mean --stream\?\)/,
      ],
    ] as const) {
      const { code, out, err } = await runCli([...args]);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, suggestion);
    }
  });

  it('takes a value that looks like an option', async () => {
    const { code, err } = await runCli(['token', 'mint', '--sub', '--sbu', '--key', firstPem]);
    assert.deepEqual([code, err], [0, '']);
  });
});

describe('a configuration that is not there', { concurrency: 2 }, () => {
  const ADDRESS = 'https://media.example.com/live/a.m3u8';
  const commands = [
    ['serve', '--config'],
    ['config', 'check'],
    ['config', 'check', '--config'],
    ['token', 'mint', '--stream', 'demo', '--config'],
    ['token', 'verify', '--config'],
    ['token', 'caller', '--user', 'test', '--config'],
  ];
  for (const command of commands)
    it(`is named by ${command.join(' ')}, with the command that writes one`, async () => {
      const { code, out, err } = await runCli([...command, 'absent.json'], { cwd: empty, stdin: ADDRESS });
      assert.deepEqual([code, out], [2, '']);
      assert.equal(
        err,
        'gatecast: The configuration absent.json does not exist. Name a configuration that exists, or write one with "npx gatecast init".\n',
      );
    });

  it('is asked for with the command that writes one, or with the file of the folder', async () => {
    const started = join(folder, 'started');
    mkdirSync(started);
    writeFileSync(join(started, 'gatecast.config.json'), '{}');
    for (const command of [['serve'], ['token', 'caller', '--user', 'test'], ['config', 'check']])
      for (const [cwd, next] of [
        [empty, /\. Name a configuration that exists, or write one with "npx gatecast init"\.\n/],
        [started, /\. This folder has a gatecast\.config\.json: name that file\.\n/],
      ] as const) {
        const { code, err } = await runCli(command, { cwd });
        assert.equal(code, 2);
        assert.match(err, next);
      }
  });

  it('is one file, where the command can name it in two ways', async () => {
    const { code, err } = await runCli(['config', 'check', 'a.json', '--config', 'b.json'], { cwd: empty });
    assert.deepEqual([code, err], [2, 'gatecast: Two configuration files are named. Name one.\n']);
  });
});

describe('a message of a command', { concurrency: 2 }, () => {
  const config = written(
    'jwt.json',
    JSON.stringify({
      issuers: {
        playback: {
          type: 'secure-link',
          preset: 'nginx',
          path: '/{stream}/',
          secret: { env: 'X' },
        },
      },
      authorization: { secret: { env: 'Y' }, playback: { list: ['demo'] } },
    }),
  );
  const noKey = written('not-a-key.pem', 'nothing');
  const messages: [args: string[], message: RegExp][] = [
    [
      ['token', 'mint', '--sub', 'demo', '--key', noKey],
      /It came from the file .*not-a-key\.pem\. "gatecast keys new" creates a key/,
    ],
    [['keys', 'public', '--key', '-'], /It came from stdin\. "gatecast keys new" creates/],
    [
      ['token', 'mint', '--sub', 'demo', '--key-env', 'NO_KEY'],
      /It came from the environment variable NO_KEY\./,
    ],
    [['token', 'inspect', '--env', 'NO_KEY'], /Give the token or the address whole/],
    [
      ['keys', 'new', '--dir', keys, '--kid', 'first'],
      /"first" already exists in .*keys\. Choose another kid/,
    ],
    [['keys', 'public', '--dir', keys, '--kid', 'third'], /Name one of these, or omit --kid/],
    [['conformance', 'example', '--stream', 'demo'], /such as https:\/\/backend\.example\/api\/tokens/],
    [['doctor', 'https://a.example/', '--header', 'no header'], /Write it like "X-CSRF-Token: abc"/],
    [['init', '--yes', '--dir', empty], /--origin is not set, and has no default\. Set it/],
    [
      ['token', 'mint', '--config', config, '--stream', 'a', '--purpose', 'ingest'],
      /jwt\.json has no issuer for the purpose "ingest"\. Add issuers\.ingest, or set another --purpose/,
    ],
  ];
  for (const [args, message] of messages)
    it(`says what to change: ${args.slice(0, 2).join(' ')} ${String(message)}`, async () => {
      const { code, out, err } = await runCli(args, { env: { NO_KEY: 'nothing' }, stdin: 'nothing' });
      assert.match(err, message);
      assert.equal(out, '');
      assert.ok(code === 2 || code === 1);
    });
});
