import { createBuilder } from 'vite';
import { join } from 'node:path';
import { buildOnce, replaceFolder } from '../once.js';
import { gatecastFolder } from './build-environments.js';
import { writeIntegrity } from './gatecast-integrity.js';
import { packageInputs, repositoryRoot } from './library-packages.js';

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
 * Builds gatecast.js and its chunks, unless they were built from the same sources.
 *
 * @returns the folder that holds `gatecast.js`, and whether this call built it.
 * @throws Error of Vite.
 */
export async function buildGatecast(): Promise<{ folder: string; built: boolean }> {
  const step = { name: 'gatecast', inputs: packageInputs(), outputs: [join(gatecastFolder, 'gatecast.js')] };
  const built = await buildOnce(step, () => replaceFolder(gatecastFolder, bundleInto));
  return { folder: gatecastFolder, built };
}
