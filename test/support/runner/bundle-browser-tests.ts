import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'vite';
import { sourceConditions } from '../../../.config/bundle/build-environments.js';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';

/** Where the bundled modules are served. */
const base = '/bundled-browser-tests/';
const testAddress = /^\/test\/.*\.browser\.test\.ts$/;

/** An address of the test server itself, such as a module of the test runner that has state. */
const isServed = (id: string): boolean => id.startsWith('/') && !id.startsWith(repositoryRoot);

/**
 * Bundles browser tests for all browsers of a run. The page of a test then loads tens of files instead of hundreds, which
 * spares more than a second of processor time for each test in each browser.
 *
 * @param files - relative to the repository.
 * @returns a folder that is removed when this process ends.
 * @throws Error of Vite.
 */
export async function bundleBrowserTests(files: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-bundled-tests-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  await build({
    configFile: false,
    root: repositoryRoot,
    logLevel: 'error',
    resolve: { conditions: sourceConditions },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      sourcemap: true,
      modulePreload: false,
      copyPublicDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(files.map((file) => [file, join(repositoryRoot, file)])),
        external: isServed,
        preserveEntrySignatures: false,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Relative to its address, so that a stack trace names files of the repository.
          sourcemapPathTransform: (source, map) =>
            relative(
              join(base, relative(folder, dirname(map))),
              join('/', relative(repositoryRoot, resolve(dirname(map), source))),
            ),
        },
      },
    },
  });
  return folder;
}

/** The bundled module or source map at the path of an address; `null` for everything else. */
export async function bundledFile(folder: string, path: string): Promise<string | null> {
  // Not the module itself: its chunks import it by another address, and it would run twice.
  if (testAddress.test(path)) return `import '${base}${path.slice(1)}.js';\n`;
  return path.startsWith(base) ? readFile(join(folder, path.slice(base.length)), 'utf8') : null;
}
