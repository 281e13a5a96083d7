import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Own: runs before anything is installed, on any Node, so it is plain JavaScript with node: modules only.

export const root = fileURLToPath(new URL('..', import.meta.url));

const readJson = (path) => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));

/** Ends the process with a message when this Node is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Gatecast needs Node 20.19 or newer, and this is ${version}.`);
  console.error('Install a current one from https://nodejs.org (or with nvm: nvm install) and try again.');
  process.exit(1);
}

/** Why `npm ci` must run, or undefined when node_modules has all packages of the lockfile. */
export function staleReason(wanted, installed) {
  if (!installed) return 'Dependencies are not installed yet';
  const missing = Object.entries(wanted.packages).some(([path, entry]) => {
    // Optional packages are built for other platforms; links are our own workspaces.
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return false;
    return installed.packages[path]?.version !== entry.version;
  });
  return missing ? 'Dependencies are out of date' : undefined;
}

/** npm's own list of what it installed. */
const installedList = 'node_modules/.package-lock.json';

/** Prepares a fresh clone: checks Node and installs the dependencies of the lockfile. */
export function setUp() {
  checkNode();
  const installed = existsSync(`${root}${installedList}`) ? readJson(installedList) : undefined;
  const reason = staleReason(readJson('package-lock.json'), installed);
  if (!reason) return;
  console.log(`${reason}: running npm ci (a minute or two on a new machine) …`);
  const isWindows = process.platform === 'win32';
  const { status, error } = spawnSync(
    isWindows ? 'npm.cmd' : 'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: isWindows },
  );
  if (status === 0) return;
  console.error(`npm ci failed: ${error ? error.message : `exit code ${status}`}.`);
  console.error('Check that the npm registry can be reached (npm ping) and try again.');
  process.exit(1);
}
