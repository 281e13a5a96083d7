import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Runs before anything is installed, on whatever Node there is: plain JavaScript, node: modules only.

export const root = fileURLToPath(new URL('..', import.meta.url));

const oldestNode = [20, 19];

const readJson = (path) => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));

/** Ends the process with a readable message when this Node is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor, needMinor] = oldestNode;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  console.error(`Gatecast needs Node ${oldestNode.join('.')} or newer, and this is ${version}.`);
  console.error('Install a current one from https://nodejs.org (or with nvm: nvm install) and try again.');
  process.exit(1);
}

/**
 * Why `npm ci` is due, or undefined when everything that the lockfile asks for is in node_modules.
 * npm leaves node_modules/.package-lock.json as its own record of what it put there.
 */
export function staleReason(wanted, installed) {
  if (!installed) return 'Dependencies are not installed yet';
  for (const [path, entry] of Object.entries(wanted.packages)) {
    // Optional packages are built for other platforms; links are our own workspaces.
    if (path === '' || entry.optional || entry.devOptional || entry.peer) continue;
    const present = installed.packages[path];
    if (!present || present.version !== entry.version) return 'Dependencies are out of date';
  }
  return undefined;
}

function installDependencies() {
  const record = 'node_modules/.package-lock.json';
  const installed = existsSync(`${root}${record}`) ? readJson(record) : undefined;
  const reason = staleReason(readJson('package-lock.json'), installed);
  if (!reason) return;
  console.log(`${reason}: running npm ci (a minute or two on a new machine) …`);
  const startedMs = Date.now();
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    console.error(`npm ci failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`);
    console.error('Check that the npm registry can be reached (npm ping) and try again.');
    process.exit(1);
  }
  console.log(`Dependencies installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`);
}

/** Makes a fresh clone ready to run: a new enough Node, and the dependencies of the lockfile. */
export function setUp() {
  checkNode();
  installDependencies();
}
