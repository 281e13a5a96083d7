import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withLock } from '../../.config/docs/build-lock.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-lock-'));

describe('withLock', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one after the other work, and leaves nothing behind', async () => {
    const path = join(folder, 'turns');
    const steps: string[] = [];
    const turn = (name: string) =>
      withLock(path, async () => {
        steps.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        steps.push(`${name} ends`);
      });
    await Promise.all([turn('a'), turn('b')]);
    assert.deepEqual(steps, ['a begins', 'a ends', 'b begins', 'b ends']);
    assert.equal(existsSync(path), false);
  });

  it('does not wait for a process that is gone', async () => {
    const path = join(folder, 'gone');
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(path, String(pid));
    assert.equal(await withLock(path, () => Promise.resolve('done')), 'done');
  });

  it('is free again after a failure', async () => {
    const path = join(folder, 'failed');
    await assert.rejects(
      withLock(path, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(existsSync(path), false);
  });
});
