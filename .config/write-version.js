import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from './set-up.js';

// Own: runs after `changeset version`, which changes neither sources nor lockfile. diagnostics() reports this version.
const { version } = JSON.parse(readFileSync(`${root}packages/element/package.json`, 'utf8'));
const path = `${root}packages/element/src/version.ts`;
const source = readFileSync(path, 'utf8');
writeFileSync(path, source.replace(/(VERSION = )'[^']*'/, `$1'${version}'`));

// The lockfile names the versions of the workspaces too.
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const { status } = spawnSync(npm, ['install', '--package-lock-only', '--ignore-scripts'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
