import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from './set-up.js';

// Own: runs after `changeset version`, which changes neither sources nor lockfile. diagnostics() and the `--version`
// of the commands report this version.
const { version } = JSON.parse(readFileSync(`${root}packages/element/package.json`, 'utf8'));
const paths = ['element/src', 'qa/src/command', 'server/src/cli'].map(
  (folder) => `packages/${folder}/version.ts`,
);
for (const path of paths) {
  const source = readFileSync(`${root}${path}`, 'utf8');
  writeFileSync(`${root}${path}`, source.replace(/(VERSION = )'[^']*'/, `$1'${version}'`));
}

// The lockfile names the versions of the workspaces too.
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const { status } = spawnSync(npm, ['install', '--package-lock-only', '--ignore-scripts'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
