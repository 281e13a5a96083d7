import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { describe, it } from 'node:test';
import { staleReason } from '../../.config/set-up.js';

const lock = (version: string, extra: object = {}) => ({
  packages: { '': { version: '0.1.0' }, 'node_modules/lit': { version, ...extra } },
});

describe('staleReason', () => {
  it('asks for an install when nothing is installed', () => {
    assert.match(staleReason(lock('3.3.3'), undefined) ?? '', /not installed/);
  });

  it('asks for nothing when every package of the lockfile is installed with its version', () => {
    assert.equal(staleReason(lock('3.3.3'), lock('3.3.3')), undefined);
  });

  it('asks for an install when a version differs or a package is missing', () => {
    assert.match(staleReason(lock('3.3.3'), lock('3.3.2')) ?? '', /out of date/);
    assert.match(staleReason(lock('3.3.3'), { packages: {} }) ?? '', /out of date/);
  });

  it('ignores missing packages of other platforms', () => {
    assert.equal(staleReason(lock('1.0.0', { optional: true }), { packages: {} }), undefined);
  });
});

describe('checkNode', () => {
  const check = (version: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { checkNode } from './.config/set-up.js'; checkNode('${version}');`,
      ],
      { encoding: 'utf8' },
    );

  it('accepts Node 20.19 and later', () => {
    for (const version of ['20.19.0', '22.1.0', '26.0.0']) assert.equal(check(version).status, 0, version);
  });

  it('exits on an older version with a message that names the version to install', () => {
    for (const version of ['18.20.4', '20.18.3']) {
      const { status, stderr } = check(version);
      assert.equal(status, 1, version);
      assert.match(stderr, /needs Node 20\.19 or newer/);
    }
  });
});

describe('a command of the repository', { skip: process.platform === 'win32' }, () => {
  it('ends when npm kills its shell', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-command-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const server = join(folder, 'server.ts');
    writeFileSync(server, 'console.log(process.pid); setInterval(() => undefined, 1000);');
    // The second command keeps the shell from replacing itself with the first.
    const shell = spawn('sh', ['-c', '"$0" .config/run.js "$1"; exit $?', process.execPath, server], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, npm_lifecycle_event: 'start' },
    });
    const [pid] = (await once(shell.stdout, 'data')) as [Buffer];
    const closed = once(shell.stdout, 'close');
    shell.kill('SIGTERM');
    // The output closes when the last process that uses it ends.
    let wasLeft = false;
    const timer = setTimeout(() => {
      wasLeft = true;
      process.kill(Number(pid), 'SIGKILL');
    }, 20_000);
    await closed;
    clearTimeout(timer);
    assert.equal(wasLeft, false, 'the program ran on after its shell had ended');
  });
});

describe('the gatecast command in the repository', () => {
  it('runs the command before anything is built', { skip: process.platform === 'win32' }, () => {
    const linked = 'node_modules/.bin/gatecast';
    assert.ok(existsSync(linked), 'npm has linked the command');
    // A copy has no dist beside it, so it runs the sources.
    mkdirSync('.build', { recursive: true });
    const folder = mkdtempSync('.build/gatecast-command-');
    try {
      mkdirSync(join(folder, 'bin'));
      copyFileSync(linked, join(folder, 'bin/gatecast.js'));
      symlinkSync(resolve('packages/server/src'), join(folder, 'src'));
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(folder, 'bin/gatecast.js'), '--help'],
        { encoding: 'utf8' },
      );
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^Usage: gatecast /);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
