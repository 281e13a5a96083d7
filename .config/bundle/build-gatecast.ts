import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { gatecastFolder } from './build-environments.js';
import { writeIntegrity } from './gatecast-integrity.js';
import { repositoryRoot } from './library-packages.js';

const stampFile = 'sources.sha256';

/** Everything that the bundle is made of: sources, the lockfile, and the build itself. */
function inputFiles(): string[] {
  const sources = readdirSync(join(repositoryRoot, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/\\]+[/\\](src[/\\]|package\.json$)/.test(path))
    .map((path) => join('packages', path));
  const build = readdirSync(join(repositoryRoot, '.config/bundle')).map((path) =>
    join('.config/bundle', path),
  );
  return [...sources, ...build, 'vite.config.ts', 'tsconfig.json', 'package-lock.json']
    .filter((path) => statSync(join(repositoryRoot, path)).isFile())
    .sort();
}

/** Changes with everything that a build is made of. */
export function hashInputs(): string {
  const hash = createHash('sha256');
  for (const path of inputFiles())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(repositoryRoot, path)));
  return hash.digest('hex');
}

const readStamp = (folder: string): string | undefined => {
  const path = join(folder, stampFile);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

/** A name in the same folder, so that putting the finished build into place is one rename. */
const besideFolder = (purpose: string): string => `${gatecastFolder}-${purpose}-${process.pid}`;

async function bundleInto(outDir: string): Promise<void> {
  const builder = await createBuilder({
    root: repositoryRoot,
    configFile: join(repositoryRoot, 'vite.config.ts'),
    logLevel: 'warn',
    environments: { gatecast: { build: { outDir } } },
  });
  const environment = builder.environments['gatecast'];
  if (!environment) throw new Error('vite.config.ts has no environment named gatecast.');
  await builder.build(environment);
  writeIntegrity(outDir);
}

/**
 * Builds gatecast.js and its chunks, unless what is there was built from the same sources.
 * @returns the folder that holds `gatecast.js`, and whether it was built just now.
 */
export async function buildGatecast(): Promise<{ folder: string; built: boolean }> {
  const stamp = hashInputs();
  if (readStamp(gatecastFolder) === stamp) return { folder: gatecastFolder, built: false };

  const fresh = besideFolder('new');
  const retired = besideFolder('old');
  try {
    await bundleInto(fresh);
    writeFileSync(join(fresh, stampFile), stamp);
    // A reader of the folder sees the old build or the new one, never half of each.
    if (existsSync(gatecastFolder)) renameSync(gatecastFolder, retired);
    renameSync(fresh, gatecastFolder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(retired, { recursive: true, force: true });
  }
  return { folder: gatecastFolder, built: true };
}
