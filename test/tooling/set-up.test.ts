import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { staleReason } from '../../.config/set-up.js';

const lock = (version: string, extra: object = {}) => ({
  packages: { '': { version: '0.1.0' }, 'node_modules/lit': { version, ...extra } },
});

describe('staleReason', () => {
  it('asks for an install when nothing is installed', () => {
    assert.match(staleReason(lock('3.3.3'), undefined) ?? '', /not installed/);
  });

  it('is content when every package of the lockfile is there in its version', () => {
    assert.equal(staleReason(lock('3.3.3'), lock('3.3.3')), undefined);
  });

  it('asks for an install when a version differs or a package is missing', () => {
    assert.match(staleReason(lock('3.3.3'), lock('3.3.2')) ?? '', /out of date/);
    assert.match(staleReason(lock('3.3.3'), { packages: {} }) ?? '', /out of date/);
  });

  it('lets packages of other platforms be absent', () => {
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

  it('accepts Node 20.19 and what came after', () => {
    for (const version of ['20.19.0', '22.1.0', '26.0.0']) assert.equal(check(version).status, 0, version);
  });

  it('ends with a message that says what to install on an older one', () => {
    for (const version of ['18.20.4', '20.18.3']) {
      const { status, stderr } = check(version);
      assert.equal(status, 1, version);
      assert.match(stderr, /needs Node 20\.19 or newer/);
    }
  });
});
