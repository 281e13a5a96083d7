import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { buildOnce, isBuilt, replaceFolder, withLock } from '../../.config/once.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-once-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('buildOnce', () => {
  const name = `test-${process.pid}`;
  const step = { name, inputs: [join(folder, 'sources')], outputs: [join(folder, 'built.txt')] };
  let builds = 0;
  const build = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    builds += 1;
    writeFileSync(join(folder, 'built.txt'), '');
  };

  beforeEach(() => {
    builds = 0;
    for (const path of ['sources', 'built.txt']) rmSync(join(folder, path), { recursive: true, force: true });
    mkdirSync(join(folder, 'sources/dist'), { recursive: true });
    writeFileSync(join(folder, 'sources/a.ts'), '1');
  });
  after(() => rmSync(join(repositoryRoot, `.build/once/${name}.sha256`), { force: true }));

  it('builds once for concurrent calls', async () => {
    const built = await Promise.all([buildOnce(step, build), buildOnce(step, build)]);
    assert.deepEqual(built.sort(), [false, true]);
    assert.equal(builds, 1);
    assert.equal(isBuilt(step), true);
  });

  it('builds again after an input has changed, been added or renamed', async () => {
    const changes = [
      () => writeFileSync(join(folder, 'sources/a.ts'), '2'),
      () => writeFileSync(join(folder, 'sources/b.ts'), '2'),
      () => {
        rmSync(join(folder, 'sources/b.ts'));
        writeFileSync(join(folder, 'sources/c.ts'), '2');
      },
    ];
    await buildOnce(step, build);
    for (const change of changes) {
      change();
      assert.equal(isBuilt(step), false);
      assert.equal(await buildOnce(step, build), true);
    }
  });

  it('builds again when an output is missing', async () => {
    await buildOnce(step, build);
    rmSync(join(folder, 'built.txt'));
    assert.equal(await buildOnce(step, build), true);
  });

  it('ignores files that a build writes beside its sources', async () => {
    await buildOnce(step, build);
    writeFileSync(join(folder, 'sources/dist/a.js'), '1');
    assert.equal(await buildOnce(step, build), false);
  });

  it('builds again after a failure', async () => {
    const fail = () => Promise.reject(new Error('tsc found errors'));
    await assert.rejects(buildOnce(step, fail), /tsc found errors/);
    assert.equal(await buildOnce(step, build), true);
  });
});

describe('replaceFolder', () => {
  const shown = join(folder, 'shown');
  const read = (): string => readFileSync(join(shown, 'page.html'), 'utf8');
  const write = (text: string) => async (fresh: string) => {
    mkdirSync(fresh);
    writeFileSync(join(fresh, 'page.html'), text);
    if (existsSync(shown)) assert.equal(read(), 'old');
  };

  it('keeps the old files until the new ones are complete, then removes them', async () => {
    await replaceFolder(shown, write('old'));
    await replaceFolder(shown, write('new'));
    assert.equal(read(), 'new');
    assert.deepEqual(
      [`${shown}-new`, `${shown}-old`].filter((path) => existsSync(path)),
      [],
    );
  });

  it('keeps the old files when the new ones cannot be written', async () => {
    await assert.rejects(
      replaceFolder(shown, () => Promise.reject(new Error('no space'))),
      /no space/,
    );
    assert.equal(read(), 'new');
  });
});

describe('withLock', () => {
  it('runs one task at a time and removes the lock file', async () => {
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

  it('does not wait for a process that has ended', async () => {
    const path = join(folder, 'ended');
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(path, String(pid));
    assert.equal(await withLock(path, () => Promise.resolve('done')), 'done');
  });

  it('does not wait for a lock that is older than any build, even if its process id is in use', async () => {
    const path = join(folder, 'old');
    writeFileSync(path, String(process.pid));
    utimesSync(path, 0, 0);
    assert.equal(await withLock(path, () => Promise.resolve('done')), 'done');
  });

  it('is released after a failure', async () => {
    const path = join(folder, 'failed');
    await assert.rejects(
      withLock(path, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(existsSync(path), false);
  });
});
