import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAll } from './build-all.js';
import { hashInputs } from './build-gatecast.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';

const stampFile = join(repositoryRoot, '.build/packages.sha256');
const lockFolder = join(repositoryRoot, '.build/packages.lock');
const ownerFile = join(lockFolder, 'pid');
const longestBuildMs = 240_000;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A process that was killed in the middle of a build leaves its lock behind. */
function dropAbandonedLock(): void {
  const owner = existsSync(ownerFile) ? Number(readFileSync(ownerFile, 'utf8')) : undefined;
  if (owner !== undefined && !isRunning(owner)) rmSync(lockFolder, { recursive: true, force: true });
}

function tryLock(): boolean {
  try {
    mkdirSync(lockFolder);
  } catch {
    return false;
  }
  writeFileSync(ownerFile, String(process.pid));
  return true;
}

const isBuilt = (stamp: string): boolean =>
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === stamp &&
  libraryPackages().every(({ folder }) => existsSync(join(folder, 'dist')));

/**
 * Builds every package, unless what is there was built from the same sources. Test files run side by side and several
 * need the built packages: the first one builds, the others wait.
 *
 * @throws Error of the build.
 */
export async function buildAllOnce(): Promise<void> {
  mkdirSync(join(repositoryRoot, '.build'), { recursive: true });
  const untilMs = Date.now() + longestBuildMs;
  while (!tryLock()) {
    if (Date.now() > untilMs) throw new Error(`Another build holds ${lockFolder}.`);
    dropAbandonedLock();
    await sleep(200);
  }
  try {
    const stamp = hashInputs();
    if (isBuilt(stamp)) return;
    rmSync(stampFile, { force: true });
    await buildAll();
    writeFileSync(stampFile, stamp);
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}
