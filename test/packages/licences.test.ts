import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { publicPackages } from './support/pack-packages.js';

/** Licences that only require attribution. Read a new one before you add it. */
const allowedLicences = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Resolves a dependency of a package: in the nearest node_modules above it. */
function findDependency(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(from);
  if (above === from) throw new Error(`${name} is not installed.`);
  return findDependency(name, above);
}

/** All packages that are installed with ours, by folder. */
function productionTree(): Map<string, Manifest> {
  const seen = new Map<string, Manifest>();
  const visit = (folder: string): void => {
    if (seen.has(folder)) return;
    const manifest = readManifest(folder);
    seen.set(folder, manifest);
    for (const name of Object.keys(manifest.dependencies ?? {})) visit(findDependency(name, folder));
  };
  for (const { folder } of publicPackages()) visit(folder);
  return seen;
}

/** The packages whose code is in a folder of bundles, according to the source maps. */
function bundledPackages(folder: string): Set<string> {
  const maps = readdirSync(folder).filter((file) => file.endsWith('.js.map'));
  const sources = maps.flatMap(
    (file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { sources: string[] }).sources,
  );
  const names = sources.map((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}

describe('the licences', () => {
  it('of all dependencies of the packages are allowed', () => {
    const tree = [...productionTree().values()];
    assert.ok(tree.length > 15, `only ${tree.length} packages were found`);
    const others = tree
      .filter(({ license }) => license === undefined || !allowedLicences.has(license))
      .map(({ name, version, license = 'none' }) => `${name}@${version}: ${license}`);
    assert.deepEqual(others, []);
  });

  it('of all packages bundled into gatecast.js are allowed and in its notices', async () => {
    const { folder } = await buildGatecast();
    const bundled = [...bundledPackages(folder)];
    assert.ok(bundled.includes('hls.js') && bundled.includes('@lit/reactive-element'), bundled.join());
    const notices = readFileSync(join(folder, 'licenses.md'), 'utf8');
    const missing = bundled.filter((name) => {
      const { version, license } = readManifest(join(repositoryRoot, 'node_modules', name));
      return (
        !allowedLicences.has(license ?? '') || !notices.includes(`## ${name} - ${version} (${license ?? ''})`)
      );
    });
    assert.deepEqual(missing, []);
  });
});
