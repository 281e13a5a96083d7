import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { packPackages } from './support/pack-packages.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-packed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const packages = await packPackages();

/** The packages are ESM, so CommonJS and the resolution of Node 10 are not checked. */
const askedResolutions = new Set(['node16-esm', 'bundler']);

interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

describe('the packages', () => {
  it('are all packed', () => {
    const names = packages.map(({ name }) => name).sort();
    for (const { tarball } of packages) assert.ok(existsSync(tarball), tarball);
    assert.ok(names.includes('@gatecast/react') && names.includes('@gatecast/script-tag'));
  });
});

for (const { name, tarball } of packages) {
  const unpacked = join(folder, basename(tarball, '.tgz'));
  mkdirSync(unpacked);
  execFileSync('tar', ['-xzf', tarball, '-C', unpacked]);
  const packageFolder = join(unpacked, 'package');

  describe(`${name} as it is published`, () => {
    it('passes publint', async () => {
      const { messages, pkg } = await publint({ pkgDir: packageFolder, pack: false, strict: true });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg)),
        [],
      );
    });

    it('has correct types in every ESM resolution mode', async () => {
      const content = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)));
      // Nothing imports a page or the script of a worker.
      const result = await checkPackage(content, { excludeEntrypoints: [/\.html$/, /worker\.js$/] });
      // The package of the command has nothing to import.
      if (name === 'gatecast') return;
      assert.ok(result.types, `${name} has types`);
      const problems = result.problems.filter(
        (problem) => !('resolutionKind' in problem) || askedResolutions.has(problem.resolutionKind),
      );
      assert.deepEqual(problems, []);
    });

    it('contains its licence and a readme, but no tests', () => {
      const read = (path: string): string => readFileSync(join(packageFolder, path), 'utf8');
      const manifest = JSON.parse(read('package.json')) as PackedManifest;
      assert.equal(manifest.license, 'MIT');
      assert.equal(read('LICENSE'), readFileSync(join(repositoryRoot, 'LICENSE'), 'utf8'));
      assert.match(read('README.md'), new RegExp(`^# ${name}\n`));
      const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
      assert.deepEqual(
        files.filter((path) => /\.test\.|\btsconfig\b|\.tgz$/.test(path)),
        [],
      );
    });

    if (name === 'gatecast') {
      it('has the command of @gatecast/server, under the name that npx looks for', () => {
        // Finds the server's package in the repository, as npx finds it beside this one.
        symlinkSync(join(repositoryRoot, 'node_modules'), join(packageFolder, 'node_modules'));
        const command = join(packageFolder, 'bin/gatecast.js');
        const empty = mkdtempSync(join(folder, 'empty-'));
        const out = execFileSync(process.execPath, [command], { encoding: 'utf8', cwd: empty });
        assert.match(out, /npx gatecast init\n/);
        assert.deepEqual(readdirSync(empty), []);
      });
    }

    if (name === '@gatecast/server') {
      it('has a command that runs the built code', () => {
        // The unpacked tarball has no dependencies, so it uses those of the repository.
        const modules = join(packageFolder, 'node_modules');
        symlinkSync(join(repositoryRoot, 'node_modules'), modules);
        rmSync(join(packageFolder, 'src'), { recursive: true });
        const help = execFileSync(join(packageFolder, 'bin/gatecast.js'), ['--help'], { encoding: 'utf8' });
        assert.match(help, /^Usage: gatecast /);
        rmSync(modules);
      });

      it('imports no Node module in its main entry, although entries share chunks', () => {
        const { chunks, foreign } = importsFrom(join(packageFolder, 'dist/index.js'));
        assert.ok(chunks.size > 3, 'the walk over the imports found too little');
        const packages = new Set(
          [...foreign].map((name) => name.replace(/^(@[^/]+\/[^/]+|[^@/]+).*$/, '$1')),
        );
        assert.deepEqual([...packages].sort(), [
          '@gatecast/contract',
          '@noble/hashes',
          'ipaddr.js',
          'jose',
          'valibot',
        ]);
      });
    }
  });
}

/** The static imports of a built module: its own chunks and foreign packages. */
function importsFrom(entry: string): { chunks: Set<string>; foreign: Set<string> } {
  const chunks = new Set<string>();
  const foreign = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (chunks.has(path)) continue;
    chunks.add(path);
    for (const [, source = ''] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b.*?"([^"]+)";$/gm))
      if (source.startsWith('.')) open.push(join(dirname(path), source));
      else foreign.add(source);
  }
  return { chunks, foreign };
}
