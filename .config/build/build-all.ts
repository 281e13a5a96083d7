import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'vite';
import { buildDeclarations } from './build-declarations.js';
import { buildTagTypes } from './build-tag-types.js';
import { buildGatecast } from './build-gatecast.js';
import { libraryPackages, repositoryRoot } from './library-packages.js';

/** Builds every package into its dist, and gatecast.js. */
export async function buildAll(): Promise<void> {
  const builder = await createBuilder({
    root: repositoryRoot,
    configFile: join(repositoryRoot, 'vite.config.ts'),
    logLevel: 'warn',
  });
  for (const { name, commands } of libraryPackages()) {
    const environment = builder.environments[name];
    if (!environment) throw new Error(`vite.config.ts has no environment named ${name}.`);
    console.log(`▸ packages/${name}/dist`);
    await builder.build(environment);
    // npm makes a command executable when it installs a package, but a workspace is linked before it is built.
    for (const command of commands) chmodSync(command, 0o755);
  }
  const { folder, built } = await buildGatecast();
  console.log(`${built ? '▸' : '▸ unchanged:'} ${folder}/gatecast.js`);
  console.log('▸ custom-elements manifests, types for tags');
  await buildTagTypes();
  console.log('▸ declarations');
  buildDeclarations();
}
