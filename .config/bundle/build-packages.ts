import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeTagTypes } from '../elements/write-tag-types.js';
import { buildOnce } from '../once.js';
import { buildWithVite } from './build-environments.js';
import { buildGatecast } from './build-gatecast.js';
import { buildMediaWorker } from './build-media-worker.js';
import { buildProbe } from './build-probe.js';
import { libraryPackages, packageInputs, repositoryRoot } from './library-packages.js';
import { writeScriptTagTypes } from './write-script-tag-types.js';

// Own: the order of Vite, manifests and tsc. vite-plugin-dts has a program for each package, tsc one for all.

const inRepository = (path: string): string => join(repositoryRoot, path);
const scriptTagDist = inRepository('packages/script-tag/dist');

/** Every file of gatecast.js as a package, so that a CDN of packages can serve it; its source maps stay here. */
function fillScriptTagPackage(gatecast: string): void {
  rmSync(scriptTagDist, { recursive: true, force: true });
  const isPublished = (path: string): boolean =>
    path === gatecast ||
    /\.js$|^integrity\.json$|^start\.(?:html|json)$|^gatecast-embed\.(?:html|css)$|^licenses\.md$/.test(
      basename(path),
    );
  cpSync(gatecast, scriptTagDist, { recursive: true, filter: isPublished });
}

/**
 * Declarations of what only the script of `@gatecast/qa` for pages uses. It is bundled, so the package does not depend on
 * the packages that they import.
 */
const bundledDeclarations = [
  ...['judge-case', 'run-case', 'wait-until'].map((name) => `cases/${name}.d.ts`),
  ...['faults', 'probe.d.ts', 'record'],
];

/** One program checks and writes the declarations of all packages, since they read each other's sources. */
function buildDeclarations(): void {
  const emitted = inRepository('.build/declarations');
  rmSync(emitted, { recursive: true, force: true });
  const tsc = [
    inRepository('node_modules/typescript/bin/tsc'),
    '-p',
    '.config/bundle/tsconfig.declarations.json',
  ];
  const { status } = spawnSync(process.execPath, tsc, { cwd: repositoryRoot, stdio: 'inherit' });
  for (const { name, folder } of libraryPackages())
    cpSync(join(emitted, name, 'src'), join(folder, 'dist'), { recursive: true });
  for (const path of bundledDeclarations)
    rmSync(inRepository(`packages/qa/dist/${path}`), { recursive: true });
  if (status !== 0) throw new Error('tsc found errors: the declarations are not complete.');
}

async function build(): Promise<void> {
  console.log('▸ packages/*/dist');
  await buildWithVite(libraryPackages().map(({ name }) => name));
  writeFileSync(inRepository('packages/qa/dist/probe.js'), await buildProbe());
  writeFileSync(inRepository('packages/player/dist/media-worker.js'), await buildMediaWorker());
  const { folder, built } = await buildGatecast();
  console.log(`${built ? '▸' : '▸ unchanged:'} ${folder}/gatecast.js`);
  fillScriptTagPackage(folder);
  console.log('▸ custom-elements manifests, types for tags');
  await writeTagTypes();
  console.log('▸ declarations');
  buildDeclarations();
  await writeScriptTagTypes(
    inRepository('.build/declarations/script-tag/src/gatecast.d.ts'),
    join(scriptTagDist, 'gatecast.d.ts'),
  );
}

/**
 * Builds every package into its dist, and gatecast.js, unless they were built from the same sources.
 *
 * @returns whether this call built them.
 * @throws Error of Vite, the analyzer or tsc.
 */
export const buildPackages = (): Promise<boolean> =>
  buildOnce(
    {
      name: 'packages',
      inputs: [...packageInputs(), '.config/elements'],
      outputs: [scriptTagDist, ...libraryPackages().map(({ folder }) => join(folder, 'dist'))],
    },
    build,
  );
