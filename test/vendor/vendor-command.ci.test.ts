import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bundleClassicScript } from '../support/bundle-classic-script.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { runVendorCommand } from './vendor-command.js';

/** The double stands where a contributor has the real script. */
describe('npm run test:vendor with a script', { skip: missingBrowser }, () => {
  let folder = '';
  let double = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatecast-vendor-'));
    double = await bundleClassicScript('doubles/nanoplayer/nanoplayer-5.ts');
  });
  after(() => rm(folder, { recursive: true }));

  async function check(text: string): Promise<{ code: number; output: string }> {
    const script = join(folder, 'client.js');
    await writeFile(script, text);
    const lines: string[] = [];
    const code = await runVendorCommand(['--script', script, '--only', 'refuses an entry'], {
      print: (line) => lines.push(line),
      printError: (line) => lines.push(line),
      openBrowser,
    });
    return { code, output: lines.join('\n') };
  }

  it('ends with 0 when every expectation holds, and names the version', async () => {
    const { code, output } = await check(double);
    assert.equal(code, 0, output);
    assert.match(output, /✓ refuses an entry without rtmp with 5005/);
    assert.match(output, /nanoplayer 5\.0\.8: 3 hold, 0 differ, 0 not checked/);
  });

  it('ends with 1 when one differs, and says how', async () => {
    const { code, output } = await check(double.replaceAll('5005', '5006'));
    assert.equal(code, 1, output);
    assert.match(output, /✗ refuses an entry without rtmp with 5005.*expected 5005, found 5006/s);
  });

  it('ends with 2 for a client that throws when it is created, and says what it threw', async () => {
    const { code, output } = await check(
      'globalThis.NanoPlayer = class { constructor() { throw new Error("no licence"); } };',
    );
    assert.equal(code, 2);
    assert.match(output, /^The client of --client nanoplayer cannot be checked: .*no licence$/);
  });

  it('ends with 2 for a script that defines no such client', async () => {
    const { code, output } = await check('globalThis.Other = class {};');
    assert.equal(code, 2);
    assert.match(output, /does not define the client of --client nanoplayer/);
  });
});
