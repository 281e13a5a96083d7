import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findEngine } from './find-engines.js';
import type { FoundEngine } from './find-engines.js';

function isRootOnDebian(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    // Ubuntu's chromium package only installs a snap, which containers cannot run.
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

/** Installs Chromium from the system's packages or by Playwright's download. */
export function installChromium(): FoundEngine | undefined {
  if (isRootOnDebian()) {
    console.log('No Chromium found: installing Debian’s package (about a minute) …');
    const packages = ['install', '-y', '--no-install-recommends', 'chromium'];
    if (run('apt-get', ['-q', 'update']) && run('apt-get', ['-q', ...packages]))
      return findEngine('chromium');
  }
  console.log('No Chromium found: downloading one with playwright-core (about 150 MB) …');
  run('npx', ['playwright-core', 'install', '--no-shell', 'chromium']);
  return findEngine('chromium');
}
