import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, it } from 'node:test';
import ts from 'typescript';
import type { Manifest as BuildManifest } from 'vite';
import { buildPackages } from '../../.config/bundle/build-packages.js';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { libraryPackages, repositoryRoot } from '../../.config/bundle/library-packages.js';

// Raise a budget in the change that needs the bytes, and give the reason in its commit message.
const budgetBeforeHlsBytes = 40_935;
const budgetWithDefaultEngineBytes = 137_385;
/** Of the WHEP engine: what the first picture needs beyond gatecast.js and the chunks of a WHIP publisher. */
const budgetWhepBytes = 6000;

const packages = libraryPackages();

interface PackageManifest {
  readonly name: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly customElements?: string;
}

function isPackageManifest(value: unknown): value is PackageManifest {
  return typeof value === 'object' && value !== null && 'name' in value && 'exports' in value;
}

function readManifest(folder: string): PackageManifest {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  assert.ok(isPackageManifest(manifest), `${folder}/package.json has a name and exports`);
  return manifest;
}

const builtFiles = (folder: string, extension: string): string[] =>
  readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => join(folder, 'dist', path));

/** The bare specifiers that a module or a declaration file imports. */
const bareImports = (path: string): string[] =>
  ts
    .preProcessFile(readFileSync(path, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^[./]/.test(name));

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Transferred bytes, with the compression that a CDN uses for static files. */
const brotliBytes = (code: string): number =>
  brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** The hash in the name of a chunk, after its other part. */
const chunkHash = /(?<=\/gatecast-([\w.-]+)-)[\da-f]{8}(?=\.js")/g;

/**
 * Transferred bytes of a built file. The hashes of the chunks that it names change with every change of those chunks, and
 * another hash moves the compressed size by up to 60 bytes, either way. So each hash gives way to another text of 8
 * hexadecimal digits, which depends on the name of its chunk alone, and what counts is the mean of several such texts: no
 * shorter and no easier to compress than the hashes of a build, but the same for every build.
 */
function transferredBytes(path: string): number {
  const code = readFileSync(path, 'utf8');
  if (code.search(chunkHash) < 0) return brotliBytes(code);
  const sizes = ['a', 'b', 'c', 'd'].map((variant) =>
    brotliBytes(
      code.replace(chunkHash, (_, name: string) =>
        createHash('sha256').update(`${variant} ${name}`).digest('hex').slice(0, 8),
      ),
    ),
  );
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

const readBuildManifest = (folder: string): BuildManifest =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as BuildManifest;

/** The files that a browser fetches for the chunks of `keys`, including static imports, without duplicates. */
function staticFiles(manifest: BuildManifest, keys: readonly string[]): string[] {
  const files = new Set<string>();
  const visit = (key: string): void => {
    const chunk = manifest[key];
    assert.ok(chunk, `the build has no chunk '${key}'`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  keys.forEach(visit);
  return [...files];
}

/** Runs code in a process that resolves packages from dist, as a project that installs them does. */
function runAsReader(code: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: join(repositoryRoot, 'test'),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 240_000,
  });
  return { status, output: stdout + stderr };
}

// Not in a hook, so that the tests below still run when part of the build fails.
const buildError: unknown = await buildPackages().then(
  () => undefined,
  (error: unknown) => error,
);

describe('npm run build', () => {
  it('completes without an error', () => {
    assert.equal(buildError, undefined);
  });
});

for (const { name, folder } of packages) {
  const manifest = readManifest(folder);

  describe(`the built package ${manifest.name}`, () => {
    it('contains every file in its exports map', () => {
      const named = Object.entries(manifest.exports).filter(([subpath]) => !subpath.includes('*'));
      const targets = named.flatMap(([, target]) =>
        typeof target === 'string' ? [target] : Object.values(target),
      );
      assert.deepEqual(
        targets.filter((target) => !existsSync(join(folder, target))),
        [],
      );
    });

    it('lists every package that its modules and declarations import', () => {
      const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
      const undeclared = [...builtFiles(folder, '.js'), ...builtFiles(folder, '.d.ts')].flatMap((path) =>
        bareImports(path)
          .filter((specifier) => !isBuiltin(specifier) && !(packageName(specifier) in declared))
          .map((specifier) => `${relative(folder, path)}: ${specifier}`),
      );
      assert.deepEqual(undeclared, []);
    });

    it('lists only existing files as side effects', () => {
      const { sideEffects } = manifest;
      assert.notEqual(sideEffects, undefined, 'sideEffects is missing');
      const listed = Array.isArray(sideEffects) ? sideEffects : [];
      assert.deepEqual(
        listed.filter((path: string) => !existsSync(join(folder, path))),
        [],
      );
      const acting = ['define', 'media-worker', 'start'];
      const isExported = (entry: string): boolean =>
        [`./${entry}`, `./${entry}.js`].some((subpath) => subpath in manifest.exports);
      const entries = acting.filter(isExported);
      if (entries.length > 0)
        assert.deepEqual(listed, [
          ...entries.map((entry) => `./dist/${entry}.js`),
          ...entries.map((entry) => `./src/${entry}.ts`),
        ]);
    });

    it('can be imported in Node without an error, a timer or a registered tag', () => {
      const { status, output } = runAsReader(`
        await import('${manifest.name}');
        const registered = ['secure-player', 'secure-webcaster'].filter((tag) => globalThis.customElements?.get(tag));
        if (registered.length > 0) throw new Error('registered ' + registered.join());
      `);
      assert.equal(status, 0, output);
    });

    if (manifest.customElements !== undefined) {
      it('describes its element in a custom-elements manifest', () => {
        const text = readFileSync(join(folder, manifest.customElements ?? ''), 'utf8');
        assert.match(text, new RegExp(`"tagName": "secure-${name}"`));
        assert.match(text, /"fieldName": "tokenUrl"/);
        assert.match(text, /"path": "dist\/define\.js"/);
        assert.doesNotMatch(text, /"path": "\/?src\//);
      });
    }
  });
}

describe('the declarations of the packages', () => {
  it('compile in a strict project that sees only dist', () => {
    const folder = join(repositoryRoot, '.build/reader');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const imports = packages.map(({ folder: path }, index) => {
      const { name } = readManifest(path);
      return `import * as module${index} from '${name}';\nexport { module${index} };`;
    });
    const usage = "export const tag: SecurePlayer = document.createElement('secure-player');";
    writeFileSync(
      join(folder, 'reader.ts'),
      [
        "import type { SecurePlayer } from '@gatecast/player';",
        "import '@gatecast/player/define';",
        ...imports,
        usage,
        '',
      ].join('\n'),
    );
    const compilerOptions = {
      ...{ noEmit: true, strict: true, skipLibCheck: true, target: 'es2022', module: 'nodenext' },
      ...{ lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'] },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['reader.ts'] }));
    const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
});

describe('gatecast.js', () => {
  const entry = 'packages/script-tag/src/gatecast.ts';

  it('is not rebuilt while its sources are unchanged', async () => {
    await buildGatecast();
    assert.equal((await buildGatecast()).built, false);
  });

  it('imports no package by name', async () => {
    const { folder } = await buildGatecast();
    const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));
    assert.ok(scripts.includes('gatecast.js'));
    for (const script of scripts) assert.deepEqual(bareImports(join(folder, script)), [], script);
  });

  it('is a single file without static imports', async () => {
    const { folder } = await buildGatecast();
    assert.deepEqual(staticFiles(readBuildManifest(folder), [entry]), ['gatecast.js']);
  });

  it('includes the licences of the bundled packages', async () => {
    const { folder } = await buildGatecast();
    const licenses = readFileSync(join(folder, 'licenses.md'), 'utf8');
    for (const library of ['hls.js', '@lit/reactive-element']) assert.ok(licenses.includes(library), library);
  });

  it('stays within its size budgets', async (context) => {
    const { folder } = await buildGatecast();
    const manifest = readBuildManifest(folder);
    const engine = 'packages/player/src/engine/hls/hls-engine.ts';
    const lightHls = 'node_modules/hls.js/dist/hls.light.mjs';
    const fullHls = 'node_modules/hls.js/dist/hls.mjs';
    const size = (keys: readonly string[]): number =>
      staticFiles(manifest, keys).reduce((sum, file) => sum + transferredBytes(join(folder, file)), 0);

    const beforeHls = size([entry, engine]);
    const withDefaultEngine = size([entry, engine, lightHls]);
    const asBuilt = brotliBytes(readFileSync(join(folder, 'gatecast.js'), 'utf8'));
    context.diagnostic(
      `gatecast.js alone: ${size([entry])} bytes brotli (${asBuilt} with the hashes of this build)`,
    );
    context.diagnostic(`before hls.js: ${beforeHls} of ${budgetBeforeHlsBytes}`);
    context.diagnostic(`with the light hls.js: ${withDefaultEngine} of ${budgetWithDefaultEngineBytes}`);
    context.diagnostic(`with the full hls.js: ${size([entry, engine, fullHls])}`);
    assert.ok(!staticFiles(manifest, [entry, engine]).some((file) => file.includes('hls.light')));
    assert.ok(beforeHls <= budgetBeforeHlsBytes, `${beforeHls} bytes come before hls.js`);
    assert.ok(withDefaultEngine <= budgetWithDefaultEngineBytes, `${withDefaultEngine} bytes with hls.js`);
  });

  it('keeps the WHEP engine small, and loads what its first picture does not need later', async (context) => {
    const { folder } = await buildGatecast();
    const manifest = readBuildManifest(folder);
    const engine = 'packages/player/src/engine/whep/whep-engine.ts';
    const later = ['upkeep', 'server-events'].map((name) => `packages/player/src/engine/whep/${name}.ts`);
    const whip = 'packages/webcaster/src/publisher/whip/whip-publisher.ts';
    /** Of the files that come with `keys`, without those that come with the others. */
    const size = (keys: readonly string[], others: readonly string[]): number => {
      const shared = new Set(staticFiles(manifest, others));
      const own = staticFiles(manifest, keys).filter((file) => !shared.has(file));
      return own.reduce((sum, file) => sum + transferredBytes(join(folder, file)), 0);
    };
    const own = size([engine], [entry, whip]);
    context.diagnostic(
      `WHEP engine beyond WHIP: ${own} of ${budgetWhepBytes}; all: ${size([engine], [entry])}`,
    );
    context.diagnostic(`after the first picture: ${size(later.slice(0, 1), [engine])}`);
    context.diagnostic(`events of a server: ${size(later, [engine]) - size(later.slice(0, 1), [engine])}`);
    assert.ok(own > 1000 && own <= budgetWhepBytes, `${own} bytes of the WHEP engine`);
    const files = staticFiles(manifest, [engine]);
    for (const key of later) assert.ok(!files.includes(manifest[key]?.file ?? ''), key);
  });
});
