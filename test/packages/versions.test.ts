import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { VERSION } from '@gatecast/element';
import { publicPackages } from './support/pack-packages.js';

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packages = publicPackages().map(({ name, folder }) => ({
  name,
  manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
}));

describe('the versions of the packages', () => {
  it('are the same, and equal the version in diagnostics', () => {
    assert.deepEqual([...new Set(packages.map(({ manifest }) => manifest.version))], [VERSION]);
  });

  it('require each other in exactly that version', () => {
    const others = packages.flatMap(({ name, manifest }) =>
      Object.entries(manifest.dependencies ?? {})
        .filter(([dependency, range]) => dependency.startsWith('@gatecast/') && range !== VERSION)
        .map(([dependency, range]) => `${name}: ${dependency}@${range}`),
    );
    assert.deepEqual(others, []);
  });
});
